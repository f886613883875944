// k6/crypto and crypto.subtle.digest, over the hash functions of hashes.js.
(function (define, globals, host, realm) {
  'use strict';

  // The language's own, which are faster than those that guards.js puts in their place.
  const { ArrayBuffer, Uint8Array } = globalThis;

  const { Hash, HMAC, algorithms } = realm.hashes;

  function bytesOf(input) {
    if (typeof input === 'string') return new globals.TextEncoder().encode(input);
    if (input instanceof ArrayBuffer) return new Uint8Array(input);
    if (ArrayBuffer.isView(input)) {
      return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    }
    if (Array.isArray(input)) return Uint8Array.from(input);
    throw new TypeError('k6/crypto: the input must be a string or an ArrayBuffer');
  }

  const hexDigits = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

  function hexOf(bytes) {
    let text = '';
    for (let i = 0; i < bytes.length; i++) text += hexDigits[bytes[i]];
    return text;
  }

  function encoded(bytes, encoding) {
    if (encoding === 'hex') return hexOf(bytes);
    if (encoding === 'binary') return bytes.buffer;
    const base64 = globals.btoa(String.fromCharCode.apply(null, bytes));
    if (encoding === 'base64') return base64;
    const urlSafe = base64.replaceAll('+', '-').replaceAll('/', '_');
    if (encoding === 'base64url') return urlSafe;
    if (encoding === 'base64rawurl') return urlSafe.replace(/=+$/, '');
    throw new Error(
      `invalid output encoding: ${encoding} (hex, base64, base64url, base64rawurl or binary)`);
  }

  function algorithmNamed(name) {
    if (Object.hasOwn(algorithms, name)) return algorithms[name];
    throw new Error(
      `invalid hash algorithm: ${name} (${Object.keys(algorithms).join(', ')} are supported)`);
  }

  class Hasher {
    #hash;

    constructor(hash) {
      this.#hash = hash;
    }

    update(input) {
      this.#hash.update(bytesOf(input));
      return this;
    }

    digest(outputEncoding = 'hex') {
      return encoded(this.#hash.digest(), outputEncoding);
    }
  }

  const createHash = (algorithm) => new Hasher(new Hash(algorithmNamed(algorithm)));

  function createHMAC(algorithm, secret) {
    const found = algorithmNamed(algorithm);
    return new Hasher(new HMAC(found, bytesOf(secret)));
  }

  function randomBytes(size) {
    if (!Number.isInteger(size) || size < 1) {
      throw new Error('randomBytes: the size must be a whole number of at least 1');
    }
    const bytes = realm.bytes(size);
    host.randomBytes(bytes);
    return bytes.buffer;
  }

  const exported = {
    createHash,
    createHMAC,
    randomBytes,
    hexEncode: (input) => hexOf(bytesOf(input)),
    hmac: (algorithm, secret, input, outputEncoding = 'hex') =>
      createHMAC(algorithm, secret).update(input).digest(outputEncoding),
  };
  for (const name of [
    'md5', 'sha1', 'sha256', 'sha384', 'sha512', 'sha512_224', 'sha512_256', 'ripemd160',
  ]) {
    exported[name] = (input, outputEncoding = 'hex') =>
      createHash(name).update(input).digest(outputEncoding);
  }
  Object.freeze(exported);
  define('k6/crypto', () => exported);

  const subtleNames = {
    'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512',
  };

  async function digest(algorithm, data) {
    const name = `${algorithm?.name ?? algorithm}`.toUpperCase();
    if (!Object.hasOwn(subtleNames, name)) {
      throw new Error(`crypto.subtle.digest: the algorithm '${name}' is not supported`);
    }
    if (typeof data === 'string') throw new TypeError('crypto.subtle.digest: data is no buffer');
    return createHash(subtleNames[name]).update(data).digest('binary');
  }

  // Frozen, because all clients of the realm see the same object.
  globals.crypto = Object.freeze({ ...globals.crypto, subtle: Object.freeze({ digest }) });
})
