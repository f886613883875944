// What scripts expect of a web-like platform and JavaScriptCore lacks: DOMException, atob and
// btoa, structuredClone, crypto and performance.
(function (define, globals, host) {
  'use strict';

  const codes = { InvalidCharacterError: 5, QuotaExceededError: 22, DataCloneError: 25 };

  class DOMException extends Error {
    #name;

    constructor(message = '', name = 'Error') {
      super(message);
      this.#name = `${name}`;
    }

    get name() {
      return this.#name;
    }

    get code() {
      return codes[this.#name] ?? 0;
    }
  }

  // Base64.

  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const valueOf = new Uint8Array(128);
  for (let i = 0; i < 64; i++) valueOf[alphabet.charCodeAt(i)] = i;

  function btoa(input) {
    const text = `${input}`;
    if (/[^\0-\xff]/.test(text)) {
      throw new DOMException(
        'btoa: the string contains characters outside of the Latin1 range',
        'InvalidCharacterError',
      );
    }
    let output = '';
    for (let i = 0; i < text.length; i += 3) {
      const left = text.length - i;
      const bits =
        (text.charCodeAt(i) << 16) |
        (left > 1 ? text.charCodeAt(i + 1) << 8 : 0) |
        (left > 2 ? text.charCodeAt(i + 2) : 0);
      output += alphabet[bits >> 18] + alphabet[(bits >> 12) & 63];
      output += left > 1 ? alphabet[(bits >> 6) & 63] : '=';
      output += left > 2 ? alphabet[bits & 63] : '=';
    }
    return output;
  }

  function atob(input) {
    let text = `${input}`.replace(/[\t\n\f\r ]/g, '');
    if (text.length % 4 === 0) text = text.replace(/={1,2}$/, '');
    if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text)) {
      throw new DOMException(
        'atob: the string is not correctly encoded', 'InvalidCharacterError');
    }
    let output = '';
    let bits = 0;
    let count = 0;
    for (let i = 0; i < text.length; i++) {
      bits = ((bits << 6) | valueOf[text.charCodeAt(i)]) & 0xffff;
      count += 6;
      if (count < 8) continue;
      count -= 8;
      output += String.fromCharCode((bits >> count) & 0xff);
    }
    return output;
  }

  // structuredClone.

  const errorTypes = new Set([
    'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError',
  ]);

  function refuse(value) {
    const shown = typeof value === 'symbol' ? value.toString() : typeof value;
    throw new DOMException(`structuredClone: ${shown} cannot be cloned`, 'DataCloneError');
  }

  /** The copy of `value` without its members, or `null` when it has none. */
  function cloneLeaf(value, clone) {
    if (value instanceof Date) return new Date(value.getTime());
    if (value instanceof RegExp) return new RegExp(value.source, value.flags);
    if (value instanceof ArrayBuffer) return value.slice(0);
    if (value instanceof DataView) {
      return new DataView(clone(value.buffer), value.byteOffset, value.byteLength);
    }
    if (ArrayBuffer.isView(value)) {
      return new value.constructor(clone(value.buffer), value.byteOffset, value.length);
    }
    for (const type of [Boolean, Number, String, BigInt]) {
      if (value instanceof type) return Object(value.valueOf());
    }
    if (value instanceof WeakMap || value instanceof WeakSet || value instanceof WeakRef ||
      value instanceof Promise || value instanceof Symbol) return refuse(value);
    return null;
  }

  function cloneError(value) {
    const copy = Object.create(
      errorTypes.has(value.name) ? globalThis[value.name].prototype : Error.prototype);
    for (const key of ['message', 'stack', 'cause']) {
      if (!(key in value)) continue;
      const member = { value: value[key], writable: true, configurable: true };
      Object.defineProperty(copy, key, member);
    }
    return copy;
  }

  function structuredClone(input, options = undefined) {
    const copies = new Map();
    for (const buffer of options?.transfer ?? []) {
      if (!(buffer instanceof ArrayBuffer)) refuse(buffer);
      copies.set(buffer, buffer.transfer());
    }
    const clone = (value) => {
      if (typeof value === 'function' || typeof value === 'symbol') refuse(value);
      if (typeof value !== 'object' || value === null) return value;
      if (copies.has(value)) return copies.get(value);
      let copy = cloneLeaf(value, clone);
      if (copy !== null) {
        copies.set(value, copy);
        return copy;
      }
      if (value instanceof Map) copy = new Map();
      else if (value instanceof Set) copy = new Set();
      else if (value instanceof Error) copy = cloneError(value);
      else if (Array.isArray(value)) copy = new Array(value.length);
      else copy = {};
      copies.set(value, copy);
      if (copy instanceof Map) for (const [k, v] of [...value]) copy.set(clone(k), clone(v));
      else if (copy instanceof Set) for (const item of [...value]) copy.add(clone(item));
      else if (!(copy instanceof Error)) {
        for (const key of Object.keys(value)) copy[key] = clone(value[key]);
      }
      return copy;
    };
    return clone(input);
  }

  // crypto and performance.

  const randomBytesMax = 65536;

  function getRandomValues(array) {
    if (!ArrayBuffer.isView(array) || /^(Float|DataView)/.test(array[Symbol.toStringTag])) {
      throw new TypeError('crypto.getRandomValues: the argument must be an array of integers');
    }
    if (array.byteLength > randomBytesMax) {
      throw new DOMException(
        `crypto.getRandomValues: at most ${randomBytesMax} bytes at once`, 'QuotaExceededError');
    }
    // The host fills whole buffers: JavaScriptCore's C API does not heed the offset of a view.
    const random = new Uint8Array(array.byteLength);
    host.randomBytes(random);
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(random);
    return array;
  }

  const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
  const dashAfter = new Set([3, 5, 7, 9]);

  // Random bytes are fetched for many identifiers at once: the call costs more than the bytes.
  const pool = new Uint8Array(4096);
  let used = pool.length;

  function randomUUID() {
    if (used === pool.length) {
      host.randomBytes(pool);
      used = 0;
    }
    let text = '';
    for (let i = 0; i < 16; i++) {
      let byte = pool[used + i];
      if (i === 6) byte = (byte & 0x0f) | 0x40;
      else if (i === 8) byte = (byte & 0x3f) | 0x80;
      text += dashAfter.has(i) ? `${hex[byte]}-` : hex[byte];
    }
    used += 16;
    return text;
  }

  const start = host.now();
  const performance = Object.freeze({
    timeOrigin: Date.now(),
    /** Milliseconds with fraction since `timeOrigin`. */
    now: () => host.now() - start,
    toJSON: () => ({ timeOrigin: performance.timeOrigin }),
  });

  Object.assign(globals, { DOMException, atob, btoa, structuredClone, performance });
  globals.crypto = { getRandomValues, randomUUID };
})
