// Built-in objects are one for all clients of a realm: none may change them for the others. What a
// script adds to them while it is loaded, a polyfill, is there for all of its clients.
(function (define, globals, host, realm) {
  'use strict';
  const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, preventExtensions } = Object;
  const { ownKeys } = Reflect;
  const arrays = Array.prototype;
  const objects = Object.prototype;
  const patterns = RegExp.prototype;
  const arrayIterators = getPrototypeOf([][Symbol.iterator]());

  // JavaScriptCore leaves its fast ways for good when the attributes of what these have are
  // changed, or they are made inextensible. They stay as they are, and are looked at whenever
  // another client's turn comes.
  const open = [arrays, objects, patterns, arrayIterators];
  const isOpen = (object) => object === arrays || object === objects || object === patterns
    || object === arrayIterators;
  const isLeft = (object, key, isAccessor) => object === arrays || object === objects
    || (object === arrayIterators && key === 'next')
    || (object === patterns && isAccessor);

  // Where a prototype's property is not writable, a script cannot give its own objects one of the
  // same name by assignment either. These are the names that scripts do assign; an accessor lets
  // them. Of types with species an accessor called `constructor` would cost the fast ways, too.
  const assigned = new Set(['constructor', 'toString', 'toLocaleString', 'valueOf', 'toJSON',
    'name', 'message']);
  const hasSpecies = (value) => typeof value === 'function' && value[Symbol.species] !== undefined;
  const isAssigned = (object, key, value) => assigned.has(key)
    && (object === Function.prototype ? key === 'toString'
      : typeof object === 'object' && Object.hasOwn(object, 'constructor'))
    && !(key === 'constructor' && hasSpecies(value));

  const refuse = (what) => {
    throw new TypeError(`${what}: all users of a script share the built-in objects, `
      + 'which cannot be changed');
  };

  const assignable = (object, key, value, isEnumerable) => ({
    get() { return value; },
    set(next) {
      if (this === object || (typeof this !== 'object' && typeof this !== 'function')) {
        refuse(String(key));
      }
      defineProperty(this, key, {
        value: next, writable: true, enumerable: true, configurable: true,
      });
    },
    enumerable: isEnumerable, configurable: false,
  });

  const found = new Set();
  const waiting = [];
  const find = (value) => {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return;
    if (found.has(value)) return;
    found.add(value);
    waiting.push(value);
  };

  const fix = (object, key) => {
    const property = getOwnPropertyDescriptor(object, key);
    const isAccessor = !Object.hasOwn(property, 'value');
    if (isAccessor) {
      find(property.get);
      find(property.set);
    } else {
      find(property.value);
    }
    if (isLeft(object, key, isAccessor)) return;
    if (!property.configurable) {
      if (property.writable) defineProperty(object, key, { writable: false });
    } else if (isAccessor) {
      defineProperty(object, key, { configurable: false });
    } else if (isAssigned(object, key, property.value)) {
      defineProperty(object, key,
        assignable(object, key, property.value, property.enumerable));
    } else {
      defineProperty(object, key, { writable: false, configurable: false });
    }
  };

  // MARK: what is looked at

  let check = null;
  let kept = [];
  const known = new Map();
  // The script's clients are all loaded.
  let isClosed = false;

  // A function that compares: written out, because the compiler then finds that nothing of it can
  // have changed, and spends no time on it.
  const makeCheck = () => {
    kept = [];
    const terms = [];
    for (let place = 0; place < open.length; place += 1) {
      const object = open[place];
      known.set(object, new Set(ownKeys(object)));
      for (const key of ownKeys(object)) {
        const property = getOwnPropertyDescriptor(object, key);
        const isAccessor = !Object.hasOwn(property, 'value');
        if (key === 'length' || !isLeft(object, key, isAccessor)) continue;
        kept.push({ object, key, property });
        const number = kept.length - 1;
        const name = typeof key === 'string' ? JSON.stringify(key) : `k${number}`;
        if (!isAccessor) terms.push(`o${place}[${name}]===v${number}`);
      }
    }
    // A symbol is not met by a loop over keys.
    for (const key of ownKeys(Symbol)) {
      const symbol = Symbol[key];
      if (typeof symbol !== 'symbol') continue;
      for (const place of [0, 1]) {
        if (!Object.hasOwn(open[place], symbol)) terms.push(`o${place}[${key}]===u`);
      }
    }
    for (const flag of ['hasIndices', 'global', 'ignoreCase', 'multiline', 'dotAll', 'unicode',
      'sticky']) terms.push(`p.${flag}===true`);
    // Everything has a name of its own: what is looked up in a list is not known to be constant.
    const things = { p: /x/dgimsuy, list, plain: {}, parent: getPrototypeOf };
    for (let place = 0; place < open.length; place += 1) things[`o${place}`] = open[place];
    for (let number = 0; number < kept.length; number += 1) {
      things[`k${number}`] = kept[number].key;
      things[`v${number}`] = kept[number].property.value;
    }
    for (const key of ownKeys(Symbol)) {
      if (typeof Symbol[key] === 'symbol') things[key] = Symbol[key];
    }
    return new Function(...Object.keys(things), `'use strict';
      const u = undefined;
      return () => {
        for (const key in plain) return false;
        return o0.length === 0 && parent(o0) === o1 && list.__proto__ === o0
        && p.unicodeSets === false && p.source === 'x' && ${terms.join(' && ')};
      };`)(...Object.values(things));
  };
  const list = [];

  // Whether nothing was added to arrays: a hundred times slower than to other objects, and seen
  // by loops over the keys of arrays alone. It is looked at when another client's turn comes after
  // so many iterations.
  const beginsBetweenLooks = 8;
  let begun = 0;
  const isEmpty = () => {
    for (const key in list) return false;
    return true;
  };

  // Not even the methods of arrays can be relied upon here.
  const restore = () => {
    let changed = '';
    const note = (key) => { changed += `${changed === '' ? '' : ', '}${String(key)}`; };
    for (let index = 0; index < kept.length; index += 1) {
      const { object, key, property } = kept[index];
      const now = getOwnPropertyDescriptor(object, key);
      if (now !== undefined && now.value === property.value && now.get === property.get
        && now.set === property.set) continue;
      note(key);
      originalDefine(object, key, property);
    }
    for (let place = 0; place < open.length; place += 1) {
      const object = open[place];
      const keys = ownKeys(object);
      for (let index = 0; index < keys.length; index += 1) {
        if (keys[index] === 'length' || known.get(object).has(keys[index])) continue;
        note(keys[index]);
        delete object[keys[index]];
      }
    }
    if (arrays.length !== 0) arrays.length = 0;
    if (getPrototypeOf(arrays) !== objects) {
      note('__proto__');
      originalSetPrototype(arrays, objects);
    }
    return changed;
  };

  const originalDefine = Reflect.defineProperty;
  const originalSetPrototype = Reflect.setPrototypeOf;

  // What is looked at shows what was assigned; what is defined must be refused.
  const guard = (holder, name, isRefused) => {
    const original = holder[name];
    const guarded = {
      [name](target, key, value) {
        if (isRefused(target, key)) refuse(`${holder === Reflect ? 'Reflect' : 'Object'}.${name}`);
        return original(target, key, value);
      },
    }[name];
    defineProperty(holder, name, { value: guarded, writable: true, configurable: true });
  };
  const refusesKey = (target, key) => isOpen(target)
    && (isClosed || kept.some((entry) => entry.object === target && entry.key === key));

  // MARK: the realm

  // Once, before the script is loaded.
  realm.protect = () => {
    delete globalThis.WebAssembly;
    delete Atomics.wait;
    delete Atomics.waitAsync;
    guard(Object, 'defineProperty', refusesKey);
    guard(Reflect, 'defineProperty', refusesKey);
    guard(Object, 'defineProperties', (target, all) => isOpen(target)
      && ownKeys(Object(all)).some((key) => refusesKey(target, key)));
    for (const [holder, name] of [[Object, 'setPrototypeOf'], [Reflect, 'setPrototypeOf'],
      [Object, 'freeze'], [Object, 'seal'], [Object, 'preventExtensions'],
      [Reflect, 'preventExtensions']]) {
      guard(holder, name, isOpen);
    }
    for (const name of ['__defineGetter__', '__defineSetter__']) {
      const original = objects[name];
      defineProperty(objects, name, {
        value: { [name](key, f) {
          if (refusesKey(this, key)) refuse(name);
          return original.call(this, key, f);
        } }[name],
        writable: true, configurable: true,
      });
    }
    const stackLimit = Error.stackTraceLimit;
    defineProperty(Error, 'stackTraceLimit', {
      get() { return stackLimit; }, set() {}, enumerable: true, configurable: false,
    });
    check = makeCheck();

    const shown = Object.create(globalThis);
    for (const key of ownKeys(globalThis)) {
      const property = getOwnPropertyDescriptor(globalThis, key);
      find(property.value);
      if (!property.configurable || key === 'globalThis') continue;
      defineProperty(globalThis, key, { writable: false, configurable: false });
      defineProperty(shown, key, assignable(shown, key, property.value, property.enumerable));
    }
    realm.shown = preventExtensions(shown);
    for (const key of Object.keys(globals)) find(globals[key]);
    for (const one of [function* () {}, async () => {}, async function* () {}, [].values(),
      new Map().keys(), new Set().keys(), ''[Symbol.iterator](), ''.matchAll(/x/g)]) {
      find(getPrototypeOf(one));
    }
    found.add(globalThis);
    const fixed = [];
    while (waiting.length > 0) {
      const object = waiting.pop();
      find(getPrototypeOf(object));
      for (const key of ownKeys(object)) fix(object, key);
      fixed.push(object);
    }
    realm.fixed = fixed;
  };

  // Once, when all clients are loaded: nothing is added any more.
  realm.close = () => {
    for (const object of realm.fixed) {
      if (isOpen(object)) {
        // Loops over the keys of the script's own objects do not show what was added.
        for (const key of Object.keys(object)) {
          defineProperty(object, key, { enumerable: false });
        }
      }
      for (const key of ownKeys(object)) {
        fix(object, key);
      }
      if (!isOpen(object)) preventExtensions(object);
    }
    realm.fixed = null;
    check = makeCheck();
    isClosed = true;
  };

  // The turn of a client begins; with an iteration, when it `begins`.
  realm.enter = (client, begins) => {
    const before = realm.current;
    if (begins) begun += 1;
    if (before === client) return;
    const isSound = !isClosed || check();
    const looks = isClosed && begun >= beginsBetweenLooks;
    if (looks) begun = 0;
    if (!isSound || (looks && !isEmpty())) {
      const changed = restore();
      if (before !== null && before !== undefined) {
        // What was added to arrays may be of an earlier turn, and of another client.
        if (before.isRunning && !isSound) before.failed = true;
        realm.report(before, new TypeError(`the script has changed ${changed} of built-in objects, `
          + 'which all users of it share: that was undone'));
      }
    }
    realm.current = client;
  };
})
