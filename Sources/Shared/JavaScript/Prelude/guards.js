// Bounds on what one call may allocate: a native function that fills gigabytes cannot be
// interrupted, so it must not begin.
(function (define, globals, host) {
  'use strict';
  const bytesMax = 256 * 1024 * 1024;

  const check = (bytes, what) => {
    if (bytes > bytesMax) {
      throw new RangeError(`${what}: more than ${bytesMax / 1048576} MiB at once are not allowed`);
    }
  };

  const put = (holder, name, value) => {
    Object.defineProperty(holder, name, { value, writable: true, configurable: true });
  };

  const guardConstructor = (name, unit) => {
    const original = globalThis[name];
    const guarded = new Proxy(original, {
      construct(target, args, newTarget) {
        const first = args[0];
        if (typeof first === 'number') check(first * unit, name);
        if (args[1] !== null && typeof args[1] === 'object' && args[1].maxByteLength > 0) {
          check(args[1].maxByteLength, name);
        }
        return Reflect.construct(target, args, newTarget === guarded ? target : newTarget);
      },
    });
    put(original.prototype, 'constructor', guarded);
    put(globalThis, name, guarded);
  };

  guardConstructor('ArrayBuffer', 1);
  if (typeof SharedArrayBuffer === 'function') guardConstructor('SharedArrayBuffer', 1);
  for (const name of ['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array',
    'Int32Array', 'Uint32Array', 'Float32Array', 'Float64Array', 'BigInt64Array',
    'BigUint64Array']) {
    guardConstructor(name, globalThis[name].BYTES_PER_ELEMENT);
  }

  // Not every version of the engine has it.
  if (typeof Float16Array === 'function') guardConstructor('Float16Array', 2);

  const guardMethod = (prototype, name, size) => {
    const original = prototype[name];
    put(prototype, name, {
      [name](...args) {
        check(size(this, args), name);
        return original.apply(this, args);
      },
    }[name]);
  };

  guardMethod(String.prototype, 'repeat', (text, [count]) => String(text).length * count);
  guardMethod(String.prototype, 'padStart', (text, [length]) => length);
  guardMethod(String.prototype, 'padEnd', (text, [length]) => length);
  guardMethod(Array.prototype, 'fill', (array) => (Array.isArray(array) ? array.length * 8 : 0));

  // MARK: texts

  const lengthOf = (value) => (typeof value === 'string' ? value.length : 16);

  // What `$&` and its kin in a replacement stand for may be as long as the text.
  const replacedSize = (text, pattern, replacement, isAll) => {
    const { length } = text;
    if (typeof replacement !== 'string') return 0;
    const each = replacement.length + (replacement.split('$').length - 1) * length;
    if (!isAll) return length + each;
    const step = typeof pattern === 'string' && pattern.length > 1 ? pattern.length : 1;
    const most = length + (Math.floor(length / step) + 1) * each;
    if (most <= bytesMax) return most;
    // Seldom is it that bad: now the matches are counted.
    let count = 0;
    if (!(pattern instanceof RegExp)) {
      const sought = String(pattern);
      for (let at = text.indexOf(sought); at >= 0; count += 1) {
        at = sought === '' && at >= length ? -1 : text.indexOf(sought, at + step);
        if (count * each > bytesMax) break;
      }
    } else {
      const { lastIndex } = pattern;
      pattern.lastIndex = 0;
      for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
        count += 1;
        if (count * each > bytesMax) break;
        if (found[0] === '') pattern.lastIndex += 1;
      }
      pattern.lastIndex = lastIndex;
    }
    return length + count * each;
  };
  const guardReplace = (name) => {
    const original = String.prototype[name];
    put(String.prototype, name, {
      [name](pattern, replacement) {
        // Short texts, which most are, cannot become long enough.
        if (typeof this !== 'string' || this.length > 4096 || typeof replacement !== 'string'
          || replacement.length > 4096) {
          const isAll = name === 'replaceAll' || (pattern instanceof RegExp && pattern.global);
          check(replacedSize(String(this), pattern, replacement, isAll), name);
        }
        return original.call(this, pattern, replacement);
      },
    }[name]);
  };
  guardReplace('replace');
  guardReplace('replaceAll');

  guardMethod(String.prototype, 'concat', (text, args) => {
    let size = text.length;
    for (const arg of args) size += lengthOf(arg);
    return size;
  });
  guardMethod(String.prototype, 'split', (text, [separator]) =>
    (text.length > 4096 && typeof separator === 'string'
      ? text.length / Math.max(1, separator.length) * 8 : 0));
  guardMethod(String.prototype, 'normalize', (text) => text.length * 18);
  guardMethod(String, 'raw', (_, [strings, ...values]) => {
    let size = 0;
    for (let index = 0; index < strings.raw.length; index += 1) {
      size += lengthOf(strings.raw[index]) + lengthOf(values[index]);
      if (size > bytesMax) break;
    }
    return size;
  });
  for (const name of ['encodeURIComponent', 'encodeURI', 'escape']) {
    const original = globalThis[name];
    put(globalThis, name, {
      [name](text) {
        if (typeof text === 'string' && text.length > 4096) check(text.length * 9, name);
        return original(text);
      },
    }[name]);
  }

  // MARK: arrays

  // Characters of an array as text, its members' separators included; no more than that it is too
  // much, when it is. Arrays within arrays may be the same one many times over.
  const joinedSize = (array, separator, depth) => {
    let size = array.length * separator;
    if (depth > 100 || size > bytesMax) return size;
    for (let index = 0; index < array.length && size <= bytesMax; index += 1) {
      const value = array[index];
      if (typeof value === 'string') size += value.length;
      else if (Array.isArray(value)) size += 1 + joinedSize(value, 1, depth + 1);
    }
    return size;
  };
  guardMethod(Array.prototype, 'join', (array, [separator]) => (Array.isArray(array)
    ? joinedSize(array, separator === undefined ? 1 : lengthOf(separator), 0) : 0));
  guardMethod(Array.prototype, 'toString', (array) =>
    (Array.isArray(array) ? joinedSize(array, 1, 0) : 0));

  // MARK: JSON

  // Characters of a value as JSON, about; no more than that it is too much, when it is. The same
  // object may be in it many times over.
  const jsonSize = (value, depth) => {
    if (typeof value === 'string') return value.length + 2;
    if (value === null || typeof value !== 'object') return 4;
    if (depth > 1000 || typeof value.toJSON === 'function') return 4;
    let size = 2;
    for (const key of Object.keys(value)) {
      size += key.length + 3 + jsonSize(value[key], depth + 1);
      if (size > bytesMax) break;
    }
    return size;
  };

  // Counting takes as long as writing, and few values are large: whether it is worth while is
  // told by the first members of the first members, as if all were like these.
  const mayBeLarge = (value) => {
    let size = 16;
    for (let depth = 0; depth < 64; depth += 1) {
      if (typeof value === 'string') return size * value.length > bytesMax;
      if (value === null || typeof value !== 'object') return size > bytesMax;
      const keys = Array.isArray(value) ? null : Object.keys(value);
      const { length } = keys === null ? value : keys;
      if (length === 0) return size > bytesMax;
      size *= length;
      if (size > bytesMax) return true;
      let first = keys === null ? value[0] : value[keys[0]];
      for (let index = 1; index < length && index < 8; index += 1) {
        if (first !== null && typeof first === 'object') break;
        const next = keys === null ? value[index] : value[keys[index]];
        if (typeof next === 'string' && typeof first === 'string' && next.length < first.length) {
          continue;
        }
        first = next;
      }
      value = first;
    }
    return true;
  };
  const { stringify } = JSON;
  put(JSON, 'stringify', {
    stringify(value, replacer, space) {
      if (value !== null && typeof value === 'object' && mayBeLarge(value)) {
        check(jsonSize(value, 1), 'JSON.stringify');
      }
      return stringify(value, replacer, space);
    },
  }.stringify);

  // MARK: buffers

  for (const name of ['resize', 'transfer', 'transferToFixedLength']) {
    if (typeof ArrayBuffer.prototype[name] === 'function') {
      guardMethod(ArrayBuffer.prototype, name, (_, [length]) => length);
    }
  }
  guardMethod(Object.getPrototypeOf(Int8Array), 'from', (type, [source]) =>
    (source?.length ?? 0) * (type.BYTES_PER_ELEMENT ?? 8));
})
