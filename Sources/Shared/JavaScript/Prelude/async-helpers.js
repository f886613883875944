// What the compiler of scripts writes calls of: `__throng.map(list, f)` where a script has
// `list.map(f)` and `f` waits. One element after the other, as the script reads.
(function (define, globals, host) {
  'use strict';

  const arrays = Array.prototype;
  const isMap = (value) => value instanceof Map;
  const isSet = (value) => value instanceof Set;

  /** Whether `list.name` is the language's own method, which calls its function at once. */
  function isNative(list, name) {
    if (Array.isArray(list)) return list[name] === arrays[name];
    if (ArrayBuffer.isView(list)) return true;
    return false;
  }

  function check(f, name) {
    if (typeof f !== 'function') throw new TypeError(`${name}: ${String(f)} is not a function`);
  }

  /** A method that is not the language's: the script's own, or the host's. */
  async function own(list, name, ...rest) {
    if (isSelection(list)) return ofSelection(list, name, rest[0]);
    return list[name](...rest);
  }

  /** A selection of k6/html gives the index first, the element second. */
  function isSelection(list) {
    return list !== null && typeof list === 'object' && typeof list.toArray === 'function' &&
      typeof list.size === 'function' && typeof list.get === 'function';
  }

  async function ofSelection(selection, name, f) {
    check(f, name);
    if (name !== 'each' && name !== 'map') {
      throw new TypeError(`${name}: the function given to a selection cannot make requests`);
    }
    const results = [];
    const items = name === 'each' ? selection.get() : selection.toArray();
    for (let i = 0; i < items.length; i++) results.push(await f(i, items[i]));
    return name === 'each' ? selection : results;
  }

  async function forEach(list, f, self) {
    if (isNative(list, 'forEach')) {
      check(f, 'forEach');
      const { length } = list;
      for (let i = 0; i < length; i++) {
        if (i in list) await f.call(self, list[i], i, list);
      }
    } else if (isMap(list) && list.forEach === Map.prototype.forEach) {
      check(f, 'forEach');
      for (const [key, value] of list) await f.call(self, value, key, list);
    } else if (isSet(list) && list.forEach === Set.prototype.forEach) {
      check(f, 'forEach');
      for (const value of list) await f.call(self, value, value, list);
    } else {
      return own(list, 'forEach', f, self);
    }
    return undefined;
  }

  /** An array or typed array like `list`. */
  const like = (list, values) => (Array.isArray(list) ? values : list.constructor.from(values));

  async function map(list, f, self) {
    if (!isNative(list, 'map')) return own(list, 'map', f, self);
    check(f, 'map');
    const { length } = list;
    const results = new Array(length);
    for (let i = 0; i < length; i++) {
      if (i in list) results[i] = await f.call(self, list[i], i, list);
    }
    return like(list, results);
  }

  async function filter(list, f, self) {
    if (!isNative(list, 'filter')) return own(list, 'filter', f, self);
    check(f, 'filter');
    const { length } = list;
    const results = [];
    for (let i = 0; i < length; i++) {
      if (!(i in list)) continue;
      const value = list[i];
      if (await f.call(self, value, i, list)) results.push(value);
    }
    return like(list, results);
  }

  async function flatMap(list, f, self) {
    if (!isNative(list, 'flatMap')) return own(list, 'flatMap', f, self);
    const results = await map(list, f, self);
    return results.flat();
  }

  /** The first index, from the start or the end, for which `f` answers a truth; or -1. */
  async function search(list, f, self, backwards) {
    const { length } = list;
    for (let n = 0; n < length; n++) {
      const i = backwards ? length - 1 - n : n;
      const value = list[i];
      if (await f.call(self, value, i, list)) return { index: i, value };
    }
    return { index: -1, value: undefined };
  }

  function finder(name, backwards, part) {
    return async (list, f, self) => {
      if (!isNative(list, name)) return own(list, name, f, self);
      check(f, name);
      return (await search(list, f, self, backwards))[part];
    };
  }

  /** `some` ends at the first truth, `every` at the first that is none. */
  function tester(name, ending) {
    return async (list, f, self) => {
      if (!isNative(list, name)) return own(list, name, f, self);
      check(f, name);
      const { length } = list;
      for (let i = 0; i < length; i++) {
        if (i in list && Boolean(await f.call(self, list[i], i, list)) === ending) return ending;
      }
      return !ending;
    };
  }

  function reducer(name, backwards) {
    return async (list, f, ...first) => {
      if (!isNative(list, name)) return own(list, name, f, ...first);
      check(f, name);
      const { length } = list;
      let isStarted = first.length > 0;
      let sum = first[0];
      for (let n = 0; n < length; n++) {
        const i = backwards ? length - 1 - n : n;
        if (!(i in list)) continue;
        if (isStarted) sum = await f(sum, list[i], i, list);
        else sum = list[i];
        isStarted = true;
      }
      if (!isStarted) throw new TypeError(`${name}: an empty array without a first value`);
      return sum;
    };
  }

  /** Array.from. */
  async function from(source, f, self) {
    check(f, 'Array.from');
    const values = Array.from(source);
    for (let i = 0; i < values.length; i++) values[i] = await f.call(self, values[i], i);
    return values;
  }

  const helpers = {
    forEach, map, filter, flatMap, from,
    find: finder('find', false, 'value'),
    findIndex: finder('findIndex', false, 'index'),
    findLast: finder('findLast', true, 'value'),
    findLastIndex: finder('findLastIndex', true, 'index'),
    some: tester('some', true),
    every: tester('every', false),
    reduce: reducer('reduce', false),
    reduceRight: reducer('reduceRight', true),
    each: (list, f) => own(list, 'each', f),

    /** What `import name from` a module means: its default, or else all of it. */
    default: (module) => (module && module.default !== undefined ? module.default : module),

    /** Puts getters on a module's exports, so that they follow what the module assigns. */
    exports(exports, getters) {
      for (const name of Object.keys(getters)) {
        Object.defineProperty(exports, name, {
          get: getters[name], enumerable: true, configurable: true,
        });
      }
    },

    /** `export * from` a module. */
    exportAll(exports, module) {
      for (const name of Object.keys(module)) {
        if (name !== 'default' && !Object.hasOwn(exports, name)) exports[name] = module[name];
      }
    },

    /** The same for `list?.map(f)`. */
    optional: {},
  };
  for (const name of Object.keys(helpers)) {
    const helper = helpers[name];
    if (typeof helper !== 'function') continue;
    helpers.optional[name] = (list, ...rest) =>
      (list === null || list === undefined ? Promise.resolve() : helper(list, ...rest));
  }
  Object.freeze(helpers.optional);
  globals.__throng = Object.freeze(helpers);
})
