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
    Object.defineProperty(original.prototype, 'constructor', {
      value: guarded, writable: true, configurable: true,
    });
    Object.defineProperty(globalThis, name, {
      value: guarded, writable: true, configurable: true,
    });
  };

  guardConstructor('ArrayBuffer', 1);
  if (typeof SharedArrayBuffer === 'function') guardConstructor('SharedArrayBuffer', 1);
  for (const name of ['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array',
    'Int32Array', 'Uint32Array', 'Float32Array', 'Float64Array', 'BigInt64Array',
    'BigUint64Array']) {
    guardConstructor(name, globalThis[name].BYTES_PER_ELEMENT);
  }

  const guardMethod = (prototype, name, size) => {
    const original = prototype[name];
    Object.defineProperty(prototype, name, {
      value: {
        [name](...args) {
          check(size(this, args), name);
          return original.apply(this, args);
        },
      }[name],
      writable: true, configurable: true,
    });
  };

  guardMethod(String.prototype, 'repeat', (text, [count]) => String(text).length * count);
  guardMethod(String.prototype, 'padStart', (text, [length]) => length);
  guardMethod(String.prototype, 'padEnd', (text, [length]) => length);
  guardMethod(Array.prototype, 'fill', (array) => (Array.isArray(array) ? array.length * 8 : 0));
})
