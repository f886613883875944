// k6/encoding: Base64 in the four variants of k6.
(function (define, globals, host, realm) {
  'use strict';

  // The language's own, which are faster than those that guards.js puts in their place.
  const { ArrayBuffer, Uint8Array } = globalThis;

  const common = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  const variant = (last, pads) => {
    const letters = common + last;
    const values = new Int8Array(128).fill(-1);
    for (let i = 0; i < 64; i++) values[letters.charCodeAt(i)] = i;
    return { letters, values, pads };
  };
  const variants = {
    std: variant('+/', true),
    rawstd: variant('+/', false),
    url: variant('-_', true),
    rawurl: variant('-_', false),
  };

  /** As in k6, a variant that is not known is `std`. */
  const variantNamed = (name) =>
    typeof name === 'string' && Object.hasOwn(variants, name) ? variants[name] : variants.std;

  function bytesOf(input, what) {
    if (typeof input === 'string') return new globals.TextEncoder().encode(input);
    if (input instanceof ArrayBuffer) return new Uint8Array(input);
    if (ArrayBuffer.isView(input)) {
      return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    }
    if (Array.isArray(input)) return Uint8Array.from(input);
    throw new TypeError(`${what}: the input must be a string or an ArrayBuffer`);
  }

  function b64encode(input, encoding = 'std') {
    const { letters, pads } = variantNamed(encoding);
    const bytes = bytesOf(input, 'b64encode');
    const whole = bytes.length - (bytes.length % 3);
    let output = '';
    let i = 0;
    for (; i < whole; i += 3) {
      const bits = (bytes[i] << 16) | (bytes[i + 1] << 8) | bytes[i + 2];
      output += letters[bits >> 18] + letters[(bits >> 12) & 63];
      output += letters[(bits >> 6) & 63] + letters[bits & 63];
    }
    if (i === bytes.length) return output;
    const bits = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8);
    output += letters[bits >> 18] + letters[(bits >> 12) & 63];
    if (i + 2 === bytes.length) output += letters[(bits >> 6) & 63];
    return pads ? output.padEnd(output.length + ((4 - (output.length % 4)) % 4), '=') : output;
  }

  /** Answers an ArrayBuffer, or a string when `format` is `s`. */
  function b64decode(input, encoding = 'std', format = 'b') {
    const { values, pads } = variantNamed(encoding);
    const text = `${input}`.replace(/[\r\n]/g, '');
    const end = pads ? text.length - (/=*$/.exec(text)[0].length) : text.length;
    const padded = pads ? text.length % 4 === 0 && text.length - end <= 2 : end % 4 !== 1;
    const bytes = realm.bytes(Math.floor((end * 3) / 4));
    let bits = 0;
    let count = 0;
    let length = 0;
    for (let i = 0; i < end; i++) {
      const value = values[text.charCodeAt(i)] ?? -1;
      if (value < 0) throw new Error(`b64decode: illegal base64 data at input byte ${i}`);
      bits = ((bits << 6) | value) & 0xffff;
      count += 6;
      if (count < 8) continue;
      count -= 8;
      bytes[length++] = bits >> count;
    }
    if (!padded) throw new Error(`b64decode: illegal base64 data at input byte ${text.length}`);
    return format === 's' ? new globals.TextDecoder().decode(bytes) : bytes.buffer;
  }

  const exported = Object.freeze({ b64encode, b64decode });
  define('k6/encoding', () => exported);
})
