// The hash functions behind k6/crypto and crypto.subtle: blocks, padding and output around the
// compression functions of hash-functions.js, and HMAC over them.
(function (define, globals, host, realm) {
  'use strict';

  // The language's own, which are faster than those that guards.js puts in their place.
  const { Uint8Array, Int32Array } = globalThis;
  const {
    compressMD5, compressSHA1, compressSHA256, compressSHA512, compressRIPEMD160, rootFractions,
  } = realm.hashFunctions;

  class Hash {
    #algorithm;
    #state;
    #words;
    #block;
    #filled = 0;
    #total = 0;

    constructor(algorithm) {
      this.#algorithm = algorithm;
      this.#state = new Int32Array(algorithm.initial);
      this.#words = new Int32Array(algorithm.blockBytes / 4);
      this.#block = new Uint8Array(algorithm.blockBytes);
    }

    update(bytes) {
      const block = this.#block;
      const size = block.length;
      this.#total += bytes.length;
      let offset = 0;
      while (offset < bytes.length) {
        if (this.#filled === 0 && bytes.length - offset >= size) {
          this.#compress(bytes, offset);
          offset += size;
          continue;
        }
        block[this.#filled++] = bytes[offset++];
        if (this.#filled < size) continue;
        this.#compress(block, 0);
        this.#filled = 0;
      }
      return this;
    }

    #compress(bytes, offset) {
      const { littleEndian, compress } = this.#algorithm;
      const words = this.#words;
      for (let i = 0, at = offset; i < words.length; i++, at += 4) {
        words[i] = littleEndian
          ? bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)
          : (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
      }
      compress(this.#state, words);
    }

    /** The digest of what came so far; more may follow, as with Go's `hash.Hash`. */
    digest() {
      const { littleEndian, outputBytes } = this.#algorithm;
      const last = new Hash(this.#algorithm);
      last.#state.set(this.#state);
      last.#block.set(this.#block);
      last.#pad(this.#filled, this.#total);
      const output = new Uint8Array(outputBytes);
      for (let i = 0; i < outputBytes; i++) {
        output[i] = last.#state[i >> 2] >>> (8 * (littleEndian ? i & 3 : 3 - (i & 3)));
      }
      return output;
    }

    #pad(filled, total) {
      const block = this.#block;
      const size = block.length;
      block[filled] = 0x80;
      block.fill(0, filled + 1);
      if (filled + 1 > size - size / 8) {
        this.#compress(block, 0);
        block.fill(0);
      }
      const { littleEndian } = this.#algorithm;
      const low = (total * 8) % 2 ** 32;
      const high = Math.floor(total / 2 ** 29);
      for (let i = 0; i < 8; i++) {
        const byte = (i < 4 ? low : high) >>> (8 * (i & 3));
        block[littleEndian ? size - 8 + i : size - 1 - i] = byte;
      }
      this.#compress(block, 0);
    }
  }

  /** HMAC of RFC 2104, with the interface of `Hash`. */
  class HMAC {
    #algorithm;
    #inner;
    #outerPad;

    constructor(algorithm, secret) {
      const size = algorithm.blockBytes;
      const key = new Uint8Array(size);
      key.set(secret.length > size ? new Hash(algorithm).update(secret).digest() : secret);
      const innerPad = new Uint8Array(size);
      this.#outerPad = new Uint8Array(size);
      for (let i = 0; i < size; i++) {
        innerPad[i] = key[i] ^ 0x36;
        this.#outerPad[i] = key[i] ^ 0x5c;
      }
      this.#algorithm = algorithm;
      this.#inner = new Hash(algorithm).update(innerPad);
    }

    update(bytes) {
      this.#inner.update(bytes);
      return this;
    }

    digest() {
      return new Hash(this.#algorithm).update(this.#outerPad).update(this.#inner.digest()).digest();
    }
  }

  const initialSHA1 = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const squareRoots = rootFractions(16, 2);
  const narrow = (initial, outputBytes, littleEndian, compress) => ({
    blockBytes: 64, outputBytes, littleEndian, initial, compress,
  });
  const broad = (initial, outputBytes) => ({
    blockBytes: 128, outputBytes, littleEndian: false, initial, compress: compressSHA512,
  });

  /** SHA-512/t begins with the hash of its own name under a changed SHA-512. */
  function truncated(bits) {
    const changed = broad(squareRoots.slice(0, 16).map((word) => word ^ 0xa5a5a5a5), 64);
    const name = Uint8Array.from(`SHA-512/${bits}`, (character) => character.charCodeAt(0));
    const view = new DataView(new Hash(changed).update(name).digest().buffer);
    return broad(Int32Array.from({ length: 16 }, (_, i) => view.getInt32(i * 4)), bits / 8);
  }

  const algorithms = {
    md5: narrow(initialSHA1.slice(0, 4), 16, true, compressMD5),
    sha1: narrow(initialSHA1, 20, false, compressSHA1),
    sha256: narrow(
      squareRoots.filter((_, i) => i < 16 && i % 2 === 0), 32, false, compressSHA256),
    sha384: broad(squareRoots.slice(16), 48),
    sha512: broad(squareRoots.slice(0, 16), 64),
    sha512_224: truncated(224),
    sha512_256: truncated(256),
    ripemd160: narrow(initialSHA1, 20, true, compressRIPEMD160),
  };

  realm.hashes = { Hash, HMAC, algorithms };
})
