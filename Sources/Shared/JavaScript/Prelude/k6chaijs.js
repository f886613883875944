// jslib k6chaijs: `describe` and `expect` in the words of Chai. Every expectation counts as a
// check; one that fails ends its `describe`, which then answers false.
(function (define, globals, host, realm) {
  'use strict';

  class AssertionError extends Error {
    name = 'AssertionError';

    constructor(message, actual, expected) {
      super(message);
      this.actual = actual;
      this.expected = expected;
    }
  }

  function typeOf(value) {
    if (value === null) return 'null';
    if (typeof value !== 'object') return typeof value;
    return Object.prototype.toString.call(value).slice(8, -1).toLowerCase();
  }

  /** `value` on one line; what lies deeper than two levels is only named. */
  function inspect(value, depth = 0) {
    const type = typeOf(value);
    if (type === 'string') return `'${value}'`;
    if (type === 'function') return `[Function ${value.name || 'anonymous'}]`;
    if (type === 'bigint') return `${value}n`;
    if (Object.is(value, -0)) return '-0';
    if (typeof value !== 'object' || value === null) return String(value);
    if (value instanceof Error) return `[${value}]`;
    if (type === 'date' || type === 'regexp') return `${value}`;
    if (depth > 2) return Array.isArray(value) ? '[Array]' : '[Object]';
    const inner = (item) => inspect(item, depth + 1);
    if (value instanceof Map) {
      return `Map { ${[...value].map(([k, v]) => `${inner(k)} => ${inner(v)}`).join(', ')} }`;
    }
    if (value instanceof Set) return `Set { ${[...value].map(inner).join(', ')} }`;
    if (Array.isArray(value)) {
      return value.length === 0 ? '[]' : `[ ${value.map(inner).join(', ')} ]`;
    }
    const members = Object.keys(value).map((key) => `${key}: ${inner(value[key])}`);
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }

  function equalItems(a, b, seen) {
    return a.length === b.length && a.every((item, i) => deepEqual(item, b[i], seen));
  }

  /** As Chai's `eql`: NaN is equal to itself, -0 and +0 differ, types must agree. */
  function deepEqual(a, b, seen = []) {
    if (Object.is(a, b)) return true;
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
    const type = typeOf(a);
    if (type !== typeOf(b)) return false;
    if (type === 'date') return Object.is(a.getTime(), b.getTime());
    if (type === 'regexp') return `${a}` === `${b}`;
    if (a instanceof Error) return a.name === b.name && a.message === b.message;
    if (seen.some((pair) => pair[0] === a && pair[1] === b)) return true;
    const nested = [...seen, [a, b]];
    if (a instanceof ArrayBuffer) return equalItems([...new Uint8Array(a)], [...new Uint8Array(b)]);
    if (Array.isArray(a) || ArrayBuffer.isView(a)) return equalItems([...a], [...b], nested);
    if (a instanceof Set || a instanceof Map) {
      const others = [...b];
      return a.size === b.size && [...a].every((item) => {
        const index = others.findIndex((other) => deepEqual(item, other, nested));
        if (index >= 0) others.splice(index, 1);
        return index >= 0;
      });
    }
    const primitive = 'valueOf' in a ? a.valueOf() : a;
    if (typeof primitive !== 'object') return deepEqual(primitive, b.valueOf());
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && deepEqual(a[key], b[key], nested));
  }

  const sizeOf = (value) =>
    value instanceof Map || value instanceof Set ? value.size : value?.length;

  /** What `path` leads to, as `{exists, value}`; with `isNested`, as in `a.b[0]`. */
  function lookUp(target, path, isNested, isOwn) {
    const steps = isNested
      ? `${path}`.replace(/\[(\d+)\]/g, '.$1').split('.').filter((step) => step !== '') : [path];
    let value = target;
    for (const step of steps) {
      if (value === null || value === undefined) return { exists: false, value: undefined };
      const exists = isOwn ? Object.hasOwn(value, step) : step in Object(value);
      if (!exists) return { exists, value: undefined };
      value = value[step];
    }
    return { exists: true, value };
  }

  class Assertion {
    constructor(value, name, flags, report) {
      this._value = value;
      this._name = name;
      this._flags = flags;
      this._report = report;
    }

    /** `wording` follows "expected … to"; `got` is told only in the error. */
    _assert(isMet, wording, got = undefined) {
      const { not } = this._flags;
      this._report(this, Boolean(isMet) !== Boolean(not), not ? `not ${wording}` : wording, got);
      return this;
    }

    _derive(value, label) {
      const name = this._name === undefined ? undefined : `${this._name} ${label}`;
      const { not, ...flags } = this._flags;
      return new Assertion(value, name, flags, this._report);
    }

    /** The number that comparisons are about: the value, or its length. */
    _number() {
      const number = this._flags.length ? sizeOf(this._value) : this._value;
      if (typeof number === 'number' || typeof number === 'bigint') return number;
      return number instanceof Date ? number.getTime() : NaN;
    }
  }

  const declare = (names, descriptor) => {
    for (const name of names.split(' ')) {
      Object.defineProperty(Assertion.prototype, name, { configurable: true, ...descriptor });
    }
  };
  const words = (names) => declare(names, { get() { return this; } });
  const flag = (names, change) => declare(names, {
    get() {
      return new Assertion(
        this._value, this._name, { ...this._flags, ...change }, this._report);
    },
  });
  const property = (names, body) => declare(names, { get: body });
  const method = (names, body) => declare(names, { value: body, writable: true });

  /** A method that also reads as a word: `to.be.a('string')`, `to.include.keys('x')`. */
  const chainable = (names, change, body) => declare(names, {
    get() {
      const next = new Assertion(
        this._value, this._name, { ...this._flags, ...change }, this._report);
      const call = (...values) => body.apply(this, values);
      return Object.setPrototypeOf(call, next);
    },
  });

  words('to be been is that which and has have with at of same but does still also');
  flag('not', { not: true });
  flag('deep', { deep: true });
  flag('nested', { nested: true });
  flag('own', { own: true });
  flag('any', { any: true });
  flag('all', { any: false });

  const constants = { true: true, false: false, null: null, undefined };
  for (const [name, constant] of Object.entries(constants)) {
    property(name, function () {
      return this._assert(this._value === constant, `be ${name}`, this._value);
    });
  }
  property('NaN', function () {
    return this._assert(Number.isNaN(this._value), 'be NaN', this._value);
  });
  property('finite', function () {
    return this._assert(Number.isFinite(this._value), 'be a finite number', this._value);
  });
  property('ok', function () {
    return this._assert(this._value, 'be truthy', this._value);
  });
  property('exist exists', function () {
    return this._assert(this._value !== null && this._value !== undefined, 'exist');
  });
  property('empty', function () {
    const value = this._value;
    const size = sizeOf(value) ?? (value === null ? NaN : Object.keys(Object(value)).length);
    return this._assert(size === 0, 'be empty', value);
  });

  chainable('a an', {}, function (type) {
    const wanted = `${type}`.toLowerCase();
    const article = /^[aeiou]/.test(wanted) ? 'an' : 'a';
    return this._assert(
      typeOf(this._value) === wanted, `be ${article} ${wanted}`, typeOf(this._value));
  });

  const same = (assertion, a, b) => (assertion._flags.deep ? deepEqual(a, b) : a === b);

  method('equal equals eq', function (expected) {
    const word = this._flags.deep ? 'deeply equal' : 'equal';
    return this._assert(
      same(this, this._value, expected), `${word} ${inspect(expected)}`, this._value);
  });
  method('eql eqls', function (expected) {
    const isMet = deepEqual(this._value, expected);
    return this._assert(isMet, `deeply equal ${inspect(expected)}`, this._value);
  });

  const comparison = (names, wording, holds) => method(names, function (...limits) {
    const number = this._number();
    const subject = this._flags.length ? 'have a length' : 'be';
    const shown = limits.slice(0, holds.length - 1).map((limit) => inspect(limit)).join('..');
    const bounds = limits.map((limit) => (limit instanceof Date ? limit.getTime() : limit));
    return this._assert(holds(number, ...bounds), `${subject} ${wording} ${shown}`,
      this._flags.length ? number : this._value);
  });
  comparison('above gt greaterThan', 'above', (value, limit) => value > limit);
  comparison('least gte greaterThanOrEqual', 'at least', (value, limit) => value >= limit);
  comparison('below lt lessThan', 'below', (value, limit) => value < limit);
  comparison('most lte lessThanOrEqual', 'at most', (value, limit) => value <= limit);
  comparison('within', 'within', (value, low, high) => value >= low && value <= high);
  comparison('closeTo approximately', 'close to (+/-)', (value, target, delta) =>
    Math.abs(value - target) <= delta);

  chainable('lengthOf length', { length: true }, function (length) {
    const size = sizeOf(this._value);
    return this._assert(size === length, `have a length of ${inspect(length)}`, size);
  });

  chainable('include includes contain contains', { contains: true }, function (item) {
    const value = this._value;
    const word = this._flags.deep ? 'deeply include' : 'include';
    let isMet = false;
    if (typeof value === 'string') {
      isMet = value.includes(item);
    } else if (Array.isArray(value) || ArrayBuffer.isView(value) || value instanceof Set ||
      value instanceof Map) {
      isMet = [...value.values()].some((member) => same(this, member, item));
    } else if (typeof value === 'object' && value !== null) {
      const { nested, own } = this._flags;
      isMet = Object.keys(Object(item)).every((key) => {
        const found = lookUp(value, key, nested, own);
        return found.exists && same(this, found.value, item[key]);
      });
    }
    return this._assert(isMet, `${word} ${inspect(item)}`, value);
  });

  function assertProperty(assertion, name, values) {
    const { nested, own } = assertion._flags;
    const found = lookUp(assertion._value, name, nested, own);
    const kind = `${nested ? 'nested ' : ''}${own ? 'own ' : ''}property ${inspect(name)}`;
    if (values.length === 0) {
      assertion._assert(found.exists, `have ${kind}`);
    } else {
      assertion._assert(found.exists && same(assertion, found.value, values[0]),
        `have ${kind} of ${inspect(values[0])}`, found.value);
    }
    return assertion._derive(found.value, `property ${inspect(name)}`);
  }
  method('property', function (name, ...values) {
    return assertProperty(this, name, values);
  });
  method('ownProperty haveOwnProperty', function (name, ...values) {
    return assertProperty(this.own, name, values);
  });

  method('key keys', function (...names) {
    const first = names[0];
    const wanted = (Array.isArray(first) ? first
      : typeof first === 'object' && first !== null ? Object.keys(first) : names)
      .map((name) => (typeof name === 'number' ? `${name}` : name));
    const value = this._value;
    const present = value instanceof Map || value instanceof Set
      ? [...value.keys()] : Object.keys(Object(value));
    const has = (name) => present.some((key) => deepEqual(key, name));
    const { any, contains } = this._flags;
    const isMet = any ? wanted.some(has)
      : wanted.every(has) && (contains || wanted.length === present.length);
    const word = any ? 'have any of the keys' : contains ? 'contain keys' : 'have keys';
    const shown = wanted.map((name) => inspect(name)).join(', ');
    return this._assert(isMet, `${word} ${shown}`, present);
  });

  method('match matches', function (pattern) {
    return this._assert(pattern.test(this._value), `match ${pattern}`, this._value);
  });
  method('string', function (part) {
    return this._assert(
      `${this._value}`.includes(part), `contain ${inspect(part)}`, this._value);
  });
  method('instanceof instanceOf', function (type) {
    return this._assert(
      this._value instanceof type, `be an instance of ${type.name}`, this._value);
  });
  method('oneOf', function (list) {
    const isMet = list.some((item) => same(this, this._value, item));
    return this._assert(isMet, `be one of ${inspect(list)}`, this._value);
  });
  method('satisfy satisfies', function (predicate) {
    return this._assert(predicate(this._value), `satisfy ${inspect(predicate)}`, this._value);
  });
  method('respondTo', function (name) {
    return this._assert(
      typeof this._value?.[name] === 'function', `respond to ${inspect(name)}`);
  });
  method('members', function (list) {
    const rest = [...this._value];
    const found = list.every((item) => {
      const index = rest.findIndex((member) => same(this, member, item));
      if (index >= 0) rest.splice(index, 1);
      return index >= 0;
    });
    const isMet = found && (this._flags.contains || rest.length === 0);
    const word = this._flags.contains ? 'be a superset of' : 'have the same members as';
    return this._assert(isMet, `${word} ${inspect(list)}`, this._value);
  });
  method('throw throws', function (...wanted) {
    let thrown = null;
    try {
      this._value();
    } catch (error) {
      thrown = { error };
    }
    const isMet = thrown !== null && wanted.every((item) => {
      const message = `${thrown.error?.message ?? thrown.error}`;
      if (typeof item === 'string') return message.includes(item);
      if (item instanceof RegExp) return item.test(message);
      return typeof item === 'function' ? thrown.error instanceof item : thrown.error === item;
    });
    const shown = wanted.map((item) => item?.name ?? inspect(item)).join(' with ');
    this._assert(isMet, `throw ${shown || 'an error'}`, thrown?.error);
    return this._derive(thrown?.error, 'error');
  });
  method('validJsonBody', function () {
    let isValid = true;
    try {
      JSON.parse(this._value?.body);
    } catch {
      isValid = false;
    }
    return this._assert(isValid, 'have valid json body');
  });

  realm.chai = { Assertion, AssertionError, inspect, deepEqual };
})
