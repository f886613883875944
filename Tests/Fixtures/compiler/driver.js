// Runs compiled code in the harness's world. The text is there when all promises are settled.
(function (harness, helpers, code) {
  'use strict';
  const world = harness(true);
  const globals = { ...world.globals };
  helpers(() => {}, globals, {});
  const names = Object.keys(globals);
  const load = new Function(
    ...names, 'module', 'exports', 'require', `'use strict'; ${code}\n`);
  const module = { exports: {} };
  load(...names.map((name) => globals[name]), module, module.exports, world.require);
  const outcome = { text: 'something never came to an end' };
  world.run(module.exports).then((text) => { outcome.text = text; });
  return outcome;
})
