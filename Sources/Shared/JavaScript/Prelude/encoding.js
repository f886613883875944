// TextEncoder and TextDecoder after the WHATWG encoding standard.
(function (define, globals, host, realm) {
  'use strict';

  // The language's own, which are faster than those that guards.js puts in their place.
  const { ArrayBuffer, Uint8Array, Uint16Array } = globalThis;
  const unguardedBytesMax = 65536;

  /** So many bytes; where they are many, guards.js has a say. */
  realm.bytes = (length) =>
    length > unguardedBytesMax ? new globalThis.Uint8Array(length) : new Uint8Array(length);

  /** Code units per call of String.fromCharCode, whose arguments live on the stack. */
  const unitsPerCall = 8192;

  function bytesOf(input) {
    if (input === undefined) return new Uint8Array(0);
    if (ArrayBuffer.isView(input)) {
      return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    }
    if (input instanceof ArrayBuffer) return new Uint8Array(input);
    throw new TypeError('The input must be an ArrayBuffer or a view of one');
  }

  function stringOf(units, length) {
    let text = '';
    if (length === units.length && length <= unitsPerCall) {
      return String.fromCharCode.apply(null, units);
    }
    for (let i = 0; i < length; i += unitsPerCall) {
      const end = Math.min(i + unitsPerCall, length);
      text += String.fromCharCode.apply(null, units.subarray(i, end));
    }
    return text;
  }

  function sizeInUTF8(text) {
    let size = text.length;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0x80) continue;
      size += unit < 0x800 ? 1 : 2;
      // Two units of a pair take four bytes together.
      if (unit >= 0xd800 && unit < 0xdc00 && text.codePointAt(i) > 0xffff) i++;
    }
    return size;
  }

  /** Writes whole code points of `text` while they fit; answers what was read and written. */
  function encodeUTF8(text, bytes) {
    const room = bytes.length;
    let written = 0;
    let read = 0;
    for (; read < text.length; read++) {
      let point = text.charCodeAt(read);
      if (point < 0x80) {
        if (written >= room) break;
        bytes[written++] = point;
        continue;
      }
      if (point >= 0xd800 && point < 0xe000) {
        point = text.codePointAt(read);
        if (point < 0xe000) point = 0xfffd;
      }
      const length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (written + length > room) break;
      bytes[written++] = (0xf00 >> length) & 0xff | (point >> (6 * (length - 1)));
      for (let i = length - 2; i >= 0; i--) bytes[written++] = 0x80 | ((point >> (6 * i)) & 0x3f);
      if (length === 4) read++;
    }
    return { read, written };
  }

  class TextEncoder {
    get encoding() {
      return 'utf-8';
    }

    encode(input = '') {
      const text = `${input}`;
      const bytes = realm.bytes(sizeInUTF8(text));
      encodeUTF8(text, bytes);
      return bytes;
    }

    encodeInto(source, destination) {
      if (!(destination instanceof Uint8Array)) {
        throw new TypeError('TextEncoder.encodeInto: the destination must be a Uint8Array');
      }
      return encodeUTF8(`${source}`, destination);
    }
  }

  const labels = {
    'utf-8': 'utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8',
    'utf-16le': 'utf-16le utf-16 ucs-2 unicode csunicode iso-10646-ucs-2 unicodefeff',
    'utf-16be': 'utf-16be unicodefffe',
    'windows-1252':
      'latin1 iso-8859-1 iso8859-1 iso88591 iso_8859-1 l1 ascii us-ascii windows-1252 cp1252 ' +
      'x-cp1252 ansi_x3.4-1968 cp819 csisolatin1 ibm819 iso-ir-100 iso_8859-1:1987',
  };
  const encodingOf = new Map();
  for (const [name, list] of Object.entries(labels)) {
    for (const label of list.split(' ')) encodingOf.set(label, name);
  }

  /** What windows-1252 has from 0x80 to 0x9F, where Latin-1 has control characters. */
  const windows1252 =
    '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
    '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

  const invalid = () => new TypeError('TextDecoder: the input is not valid for the encoding');

  /** The UTF-8 decoder of the standard; its state outlives a chunk of a stream. */
  class UTF8 {
    point = 0;
    needed = 0;
    lower = 0x80;
    upper = 0xbf;

    decode(bytes, fatal, stream) {
      // Each byte gives at most one code unit; what is pending gives up to two more.
      const units = new Uint16Array(bytes.length + (this.needed > 0 ? 2 : 0));
      let length = 0;
      let { point, needed, lower, upper } = this;
      for (let i = 0; i < bytes.length; i++) {
        const byte = bytes[i];
        if (needed === 0) {
          if (byte < 0x80) {
            units[length++] = byte;
          } else if (byte >= 0xc2 && byte <= 0xf4) {
            needed = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
            point = byte & (0x3f >> needed);
            if (byte === 0xe0) lower = 0xa0;
            else if (byte === 0xed) upper = 0x9f;
            else if (byte === 0xf0) lower = 0x90;
            else if (byte === 0xf4) upper = 0x8f;
          } else if (fatal) {
            throw invalid();
          } else {
            units[length++] = 0xfffd;
          }
          continue;
        }
        const fits = byte >= lower && byte <= upper;
        lower = 0x80;
        upper = 0xbf;
        if (!fits) {
          if (fatal) throw invalid();
          units[length++] = 0xfffd;
          needed = 0;
          i--;
          continue;
        }
        point = (point << 6) | (byte & 0x3f);
        if (--needed > 0) continue;
        if (point >= 0x10000) {
          units[length++] = 0xd7c0 + (point >> 10);
          point = 0xdc00 + (point & 0x3ff);
        }
        units[length++] = point;
      }
      if (!stream && needed > 0) {
        if (fatal) throw invalid();
        units[length++] = 0xfffd;
      }
      Object.assign(this, stream ? { point, needed, lower, upper } : new UTF8());
      return stringOf(units, length);
    }
  }

  class UTF16 {
    isBigEndian;
    byte = -1;
    lead = -1;

    constructor(isBigEndian) {
      this.isBigEndian = isBigEndian;
    }

    decode(bytes, fatal, stream) {
      const units = new Uint16Array((bytes.length >> 1) + 3);
      let length = 0;
      const bad = () => {
        if (fatal) throw invalid();
        units[length++] = 0xfffd;
      };
      for (const byte of bytes) {
        if (this.byte < 0) {
          this.byte = byte;
          continue;
        }
        const unit = this.isBigEndian ? (this.byte << 8) | byte : (byte << 8) | this.byte;
        const isTrail = unit >= 0xdc00 && unit < 0xe000;
        this.byte = -1;
        if (this.lead >= 0) {
          if (isTrail) units[length++] = this.lead;
          else bad();
        }
        if (isTrail && this.lead < 0) bad();
        else if (unit < 0xd800 || unit >= 0xdc00) units[length++] = unit;
        this.lead = unit >= 0xd800 && unit < 0xdc00 ? unit : -1;
      }
      if (!stream) {
        if (this.byte >= 0 || this.lead >= 0) bad();
        this.byte = this.lead = -1;
      }
      return stringOf(units, length);
    }
  }

  class Windows1252 {
    decode(bytes) {
      const text = stringOf(bytes, bytes.length);
      return text.replace(/[\x80-\x9f]/g, (found) => windows1252[found.charCodeAt(0) - 0x80]);
    }
  }

  class TextDecoder {
    #encoding;
    #decoder;
    #fatal;
    #ignoreBOM;
    #isStart = true;

    constructor(label = 'utf-8', options = {}) {
      this.#encoding = encodingOf.get(`${label}`.trim().toLowerCase());
      if (this.#encoding === undefined) {
        throw new RangeError(`TextDecoder: the encoding '${label}' is not supported`);
      }
      this.#fatal = Boolean(options?.fatal);
      this.#ignoreBOM = Boolean(options?.ignoreBOM);
      this.#reset();
    }

    #reset() {
      this.#isStart = true;
      if (this.#encoding === 'utf-8') this.#decoder = new UTF8();
      else if (this.#encoding === 'windows-1252') this.#decoder = new Windows1252();
      else this.#decoder = new UTF16(this.#encoding === 'utf-16be');
    }

    get encoding() {
      return this.#encoding;
    }

    get fatal() {
      return this.#fatal;
    }

    get ignoreBOM() {
      return this.#ignoreBOM;
    }

    decode(input = undefined, options = undefined) {
      const stream = Boolean(options?.stream);
      let text;
      try {
        text = this.#decoder.decode(bytesOf(input), this.#fatal, stream);
      } catch (error) {
        this.#reset();
        throw error;
      }
      if (this.#isStart && text !== '') {
        this.#isStart = false;
        if (!this.#ignoreBOM && text.charCodeAt(0) === 0xfeff) text = text.slice(1);
      }
      if (!stream) this.#isStart = true;
      return text;
    }
  }

  globals.TextEncoder = TextEncoder;
  globals.TextDecoder = TextDecoder;
})
