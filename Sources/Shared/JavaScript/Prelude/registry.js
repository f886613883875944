// What the other files of the prelude fill: modules for `require`, names that scripts see as
// globals, and the state of the realm. The first file; its value is called once per realm.
(function () {
  'use strict';
  const modules = new Map();
  const globals = Object.create(null);
  const define = (name, factory) => { modules.set(name, factory); };
  // The client whose turn it is. All that runs between two visits of the host belongs to one
  // client, promises' callbacks included, so one variable serves every function of the API.
  const realm = { current: null, modules, clients: [], isInit: true };
  return { define, globals, realm };
})()
