// The compression functions of MD5, SHA-1, SHA-2 (RFC 1321, FIPS 180-4) and RIPEMD-160 (the paper
// of its authors): each takes the state of a hash and one block of words, and changes the state.
(function (define, globals, host, realm) {
  'use strict';

  // The language's own, which are faster than those that guards.js puts in their place.
  const { Uint8Array, Int32Array } = globalThis;

  const rotate = (word, count) => (word << count) | (word >>> (32 - count));

  function add(state, sums) {
    for (let i = 0; i < sums.length; i++) state[i] += sums[i];
  }

  /** The first 64 bits behind the point of the square or cube roots of the first primes. */
  function rootFractions(count, degree) {
    const words = [];
    for (let n = 2; words.length < count * 2; n++) {
      let isPrime = true;
      for (let d = 2; d * d <= n && isPrime; d++) isPrime = n % d !== 0;
      if (!isPrime) continue;
      // The integer root of n·2^(64·degree), by Newton's method on big integers.
      const power = BigInt(degree);
      const radicand = BigInt(n) << (64n * power);
      let root = 1n << 68n;
      for (;;) {
        const next = ((power - 1n) * root + radicand / root ** (power - 1n)) / power;
        if (next >= root) break;
        root = next;
      }
      words.push(Number((root >> 32n) & 0xffffffffn) | 0, Number(root & 0xffffffffn) | 0);
    }
    return Int32Array.from(words);
  }

  // 32-bit hashes over 64-byte blocks.

  const sines = Int32Array.from({ length: 64 }, (_, i) =>
    Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);
  const shiftsMD5 = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

  function compressMD5(state, words) {
    let a = state[0];
    let b = state[1];
    let c = state[2];
    let d = state[3];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      let mixed;
      let index = i;
      if (round === 0) {
        mixed = (b & c) | (~b & d);
      } else if (round === 1) {
        mixed = (d & b) | (~d & c);
        index = 5 * i + 1;
      } else if (round === 2) {
        mixed = b ^ c ^ d;
        index = 3 * i + 5;
      } else {
        mixed = c ^ (b | ~d);
        index = 7 * i;
      }
      const sum = (a + mixed + sines[i] + words[index & 15]) | 0;
      a = d;
      d = c;
      c = b;
      b = (b + rotate(sum, shiftsMD5[round * 4 + (i & 3)])) | 0;
    }
    add(state, [a, b, c, d]);
  }

  const schedule = new Int32Array(80);

  function compressSHA1(state, words) {
    const w = schedule;
    for (let i = 0; i < 16; i++) w[i] = words[i];
    for (let i = 16; i < 80; i++) w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    let a = state[0];
    let b = state[1];
    let c = state[2];
    let d = state[3];
    let e = state[4];
    for (let i = 0; i < 80; i++) {
      let mixed;
      if (i < 20) mixed = ((b & c) | (~b & d)) + 0x5a827999;
      else if (i < 40) mixed = (b ^ c ^ d) + 0x6ed9eba1;
      else if (i < 60) mixed = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
      else mixed = (b ^ c ^ d) + 0xca62c1d6;
      const next = (rotate(a, 5) + mixed + e + w[i]) | 0;
      e = d;
      d = c;
      c = rotate(b, 30);
      b = a;
      a = next;
    }
    add(state, [a, b, c, d, e]);
  }

  const cubeRoots = rootFractions(80, 3);

  function compressSHA256(state, words) {
    const w = schedule;
    for (let i = 0; i < 16; i++) w[i] = words[i];
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15];
      const y = w[i - 2];
      const small = rotate(x, 25) ^ rotate(x, 14) ^ (x >>> 3);
      const large = rotate(y, 15) ^ rotate(y, 13) ^ (y >>> 10);
      w[i] = w[i - 16] + small + w[i - 7] + large;
    }
    let a = state[0];
    let b = state[1];
    let c = state[2];
    let d = state[3];
    let e = state[4];
    let f = state[5];
    let g = state[6];
    let h = state[7];
    for (let i = 0; i < 64; i++) {
      const s1 = rotate(e, 26) ^ rotate(e, 21) ^ rotate(e, 7);
      const s0 = rotate(a, 30) ^ rotate(a, 19) ^ rotate(a, 10);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + cubeRoots[2 * i] + w[i]) | 0;
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    add(state, [a, b, c, d, e, f, g, h]);
  }

  // The order of words and the shifts of both lines of RIPEMD-160, one hexadecimal digit each.
  const digits = (text) => Uint8Array.from(text, (digit) => parseInt(digit, 16));
  const lines = [
    {
      order: digits(
        '0123456789abcdef74d1a6f3c0952eb83ae49f812706db5c' +
          '19ba08c4d37fe56240597c2ae138b6fd'),
      shifts: digits(
        'befc5879bdef6798768db97f7cf9b7dcbd67e9dfe8d65c75' +
          'bcefef989e56865c9f5b68dc5cdeb856'),
      constants: [0, 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xa953fd4e],
      firstMix: 0,
    },
    {
      order: digits(
        '5e7092b4d6f81a3c6b370d5aef8c4912f5137e69b8c2a04d' +
          '86413bf05c2d97aecfa4158762de039b'),
      shifts: digits(
        '899bdff5778beec69df7c89b77c76fdb97fb866ecd5edd75' +
          'f58bee6e69c9c5f885c9c5e68d65fdbb'),
      constants: [0x50a28be6, 0x5c4dd124, 0x6d703ef3, 0x7a6d76e9, 0],
      firstMix: 4,
    },
  ];

  function mixRIPEMD(kind, x, y, z) {
    if (kind === 0) return x ^ y ^ z;
    if (kind === 1) return (x & y) | (~x & z);
    if (kind === 2) return (x | ~y) ^ z;
    return kind === 3 ? (x & z) | (y & ~z) : x ^ (y | ~z);
  }

  function compressRIPEMD160(state, words) {
    const ends = lines.map(({ order, shifts, constants, firstMix }) => {
      let a = state[0];
    let b = state[1];
    let c = state[2];
    let d = state[3];
    let e = state[4];
      for (let i = 0; i < 80; i++) {
        const round = i >> 4;
        const mixed = mixRIPEMD(Math.abs(firstMix - round), b, c, d);
        const sum = (a + mixed + words[order[i]] + constants[round]) | 0;
        a = e;
        e = d;
        d = rotate(c, 10);
        c = b;
        b = (rotate(sum, shifts[i]) + a) | 0;
      }
      return [a, b, c, d, e];
    });
    const first = state[0];
    for (let i = 0; i < 4; i++) {
      state[i] = state[i + 1] + ends[0][(i + 2) % 5] + ends[1][(i + 3) % 5];
    }
    state[4] = first + ends[0][1] + ends[1][2];
  }

  // SHA-512 over 128-byte blocks; every 64-bit word is two halves, the high one first.

  const wide = new Int32Array(160);

  function expandSHA512(words) {
    const w = wide;
    for (let i = 0; i < 32; i++) w[i] = words[i];
    for (let i = 32; i < 160; i += 2) {
      const xh = w[i - 30];
      const xl = w[i - 29];
      const yh = w[i - 4];
      const yl = w[i - 3];
      const sh = ((xh >>> 1) | (xl << 31)) ^ ((xh >>> 8) | (xl << 24)) ^ (xh >>> 7);
      const sl =
        ((xl >>> 1) | (xh << 31)) ^ ((xl >>> 8) | (xh << 24)) ^ ((xl >>> 7) | (xh << 25));
      const lh = ((yh >>> 19) | (yl << 13)) ^ ((yl >>> 29) | (yh << 3)) ^ (yh >>> 6);
      const ll =
        ((yl >>> 19) | (yh << 13)) ^ ((yh >>> 29) | (yl << 3)) ^ ((yl >>> 6) | (yh << 26));
      const low = (sl >>> 0) + (ll >>> 0) + (w[i - 31] >>> 0) + (w[i - 13] >>> 0);
      w[i + 1] = low;
      w[i] = sh + lh + w[i - 32] + w[i - 14] + Math.floor(low / 2 ** 32);
    }
  }

  function compressSHA512(state, words) {
    expandSHA512(words);
    const w = wide;
    let ah = state[0];
    let al = state[1];
    let bh = state[2];
    let bl = state[3];
    let ch = state[4];
    let cl = state[5];
    let dh = state[6];
    let dl = state[7];
    let eh = state[8];
    let el = state[9];
    let fh = state[10];
    let fl = state[11];
    let gh = state[12];
    let gl = state[13];
    let hh = state[14];
    let hl = state[15];
    for (let i = 0; i < 160; i += 2) {
      const s1h =
        ((eh >>> 14) | (el << 18)) ^ ((eh >>> 18) | (el << 14)) ^ ((el >>> 9) | (eh << 23));
      const s1l =
        ((el >>> 14) | (eh << 18)) ^ ((el >>> 18) | (eh << 14)) ^ ((eh >>> 9) | (el << 23));
      const s0h = ((ah >>> 28) | (al << 4)) ^ ((al >>> 2) | (ah << 30)) ^ ((al >>> 7) | (ah << 25));
      const s0l = ((al >>> 28) | (ah << 4)) ^ ((ah >>> 2) | (al << 30)) ^ ((ah >>> 7) | (al << 25));
      const t1 =
        (hl >>> 0) + (s1l >>> 0) + (((el & fl) ^ (~el & gl)) >>> 0) + (cubeRoots[i + 1] >>> 0) +
        (w[i + 1] >>> 0);
      const t1h =
        (hh + s1h + ((eh & fh) ^ (~eh & gh)) + cubeRoots[i] + w[i] + Math.floor(t1 / 2 ** 32)) | 0;
      const t1l = t1 | 0;
      const t2 = (s0l >>> 0) + (((al & bl) ^ (al & cl) ^ (bl & cl)) >>> 0);
      const t2h = s0h + ((ah & bh) ^ (ah & ch) ^ (bh & ch)) + Math.floor(t2 / 2 ** 32);
      hh = gh;
      hl = gl;
      gh = fh;
      gl = fl;
      fh = eh;
      fl = el;
      const e = (dl >>> 0) + (t1l >>> 0);
      el = e | 0;
      eh = (dh + t1h + Math.floor(e / 2 ** 32)) | 0;
      dh = ch;
      dl = cl;
      ch = bh;
      cl = bl;
      bh = ah;
      bl = al;
      const a = (t1l >>> 0) + (t2 >>> 0);
      al = a | 0;
      ah = (t1h + t2h + Math.floor(a / 2 ** 32)) | 0;
    }
    const sums = [ah, al, bh, bl, ch, cl, dh, dl, eh, el, fh, fl, gh, gl, hh, hl];
    for (let i = 0; i < 16; i += 2) {
      const low = (state[i + 1] >>> 0) + (sums[i + 1] >>> 0);
      state[i + 1] = low;
      state[i] += sums[i] + Math.floor(low / 2 ** 32);
    }
  }

  realm.hashFunctions = {
    compressMD5, compressSHA1, compressSHA256, compressSHA512, compressRIPEMD160, rootFractions,
  };
})
