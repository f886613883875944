// What the tests `NAME.test.js` in this folder are called with: `assert` and `api`. `run` takes
// the function that such a file is, `outcome` tells what became of it.
(function (registry) {
  'use strict';
  const { modules } = registry.realm;
  const outcome = { assertions: 0, failures: [], isDone: false };
  const instances = new Map();

  const show = (value) => {
    if (typeof value === 'string') return JSON.stringify(value);
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
  };
  const fail = (message) => {
    const place = (new Error().stack ?? '').split('\n').find((line) => line.includes('.test.js'));
    outcome.failures.push(`${message} (${place ?? 'place unknown'})`);
  };
  const assert = (condition, message) => {
    outcome.assertions += 1;
    if (!condition) fail(message);
  };
  assert.equal = (actual, expected, message) => {
    outcome.assertions += 1;
    if (!Object.is(actual, expected)) {
      fail(`${message}: ${show(actual)} is not ${show(expected)}`);
    }
  };

  const api = {
    globals: registry.globals,
    realm: registry.realm,
    /** The module for `client`; without one, the same for all who ask. */
    require(name, client = undefined) {
      if (!modules.has(name)) throw new Error(`there is no module '${name}'`);
      if (client !== undefined) return modules.get(name)(client);
      if (!instances.has(name)) instances.set(name, modules.get(name)({ api: registry.globals }));
      return instances.get(name);
    },
  };

  const run = (test) => {
    const ended = (error) => {
      if (error !== undefined) outcome.failures.push(`${error}\n${error?.stack ?? ''}`);
      outcome.isDone = true;
    };
    try {
      const later = test(assert, api);
      if (typeof later?.then === 'function') later.then(() => ended(), (error) => ended(error));
      else ended();
    } catch (error) {
      ended(error);
    }
  };

  const host = {
    now: () => Date.now(),
    randomBytes(bytes) {
      for (let i = 0; i < bytes.length; i += 1) bytes[i] = Math.floor(Math.random() * 256);
    },
  };
  return { run, outcome: () => JSON.stringify(outcome), host };
})
