// URLSearchParams after the WHATWG URL standard.
(function (define, globals, host, realm) {
  'use strict';

  /** The bytes of `text` with %XX undone, read as UTF-8; what is not UTF-8 becomes U+FFFD. */
  function percentDecode(text) {
    if (!text.includes('%')) return text;
    try {
      return decodeURIComponent(text);
    } catch {
      const source = new globals.TextEncoder().encode(text);
      const bytes = new Uint8Array(source.length);
      let length = 0;
      for (let i = 0; i < source.length; i++) {
        let byte = source[i];
        if (byte === 0x25) {
          const hex = String.fromCharCode(source[i + 1], source[i + 2]);
          if (/^[0-9a-fA-F]{2}$/.test(hex)) {
            byte = parseInt(hex, 16);
            i += 2;
          }
        }
        bytes[length++] = byte;
      }
      const decoder = new globals.TextDecoder('utf-8', { ignoreBOM: true });
      return decoder.decode(bytes.subarray(0, length));
    }
  }

  const formDecode = (text) => percentDecode(text.includes('+') ? text.replaceAll('+', ' ') : text);

  const formSpecial = { '!': '%21', "'": '%27', '(': '%28', ')': '%29', '~': '%7E', '%20': '+' };
  const formEncode = (text) =>
    encodeURIComponent(text).replace(/[!'()~]|%20/g, (found) => formSpecial[found]);

  function parse(text) {
    const pairs = [];
    for (const piece of text.split('&')) {
      if (piece === '') continue;
      const equals = piece.indexOf('=');
      pairs.push(
        equals < 0
          ? [formDecode(piece), '']
          : [formDecode(piece.slice(0, equals)), formDecode(piece.slice(equals + 1))],
      );
    }
    return pairs;
  }

  const text = (value) => `${value}`.toWellFormed();

  function* iterate(pairs, pick) {
    const list = pairs();
    for (let i = 0; i < list.length; i++) yield pick(list[i]);
  }

  class URLSearchParams {
    #pairs = [];
    #changed = null;

    constructor(init = undefined) {
      if (init === undefined) return;
      if (init === null || (typeof init !== 'object' && typeof init !== 'function')) {
        const query = text(init);
        this.#pairs = parse(query.startsWith('?') ? query.slice(1) : query);
      } else if (init[Symbol.iterator] != null) {
        for (const item of init) {
          const pair = Array.from(item);
          if (pair.length !== 2) {
            throw new TypeError('URLSearchParams: each pair must have a name and a value');
          }
          this.#pairs.push([text(pair[0]), text(pair[1])]);
        }
      } else {
        const record = new Map();
        for (const name of Object.keys(init)) record.set(text(name), text(init[name]));
        this.#pairs = [...record];
      }
    }

    static {
      // For url.js: the pairs become those of `query`, and `changed` is told of every change.
      realm.linkSearchParams = (params, query, changed) => {
        params.#pairs = parse(query);
        params.#changed = changed;
      };
    }

    #update() {
      if (this.#changed) this.#changed(this.toString());
    }

    get size() {
      return this.#pairs.length;
    }

    append(name, value) {
      this.#pairs.push([text(name), text(value)]);
      this.#update();
    }

    delete(name, value = undefined) {
      const key = text(name);
      const wanted = value === undefined ? undefined : text(value);
      this.#keep((pair) => pair[0] !== key || (wanted !== undefined && pair[1] !== wanted));
      this.#update();
    }

    /** Filters in place, because iterators that are under way see the change. */
    #keep(keeps) {
      const kept = this.#pairs.filter(keeps);
      this.#pairs.length = 0;
      for (const pair of kept) this.#pairs.push(pair);
    }

    get(name) {
      const key = text(name);
      const pair = this.#pairs.find((candidate) => candidate[0] === key);
      return pair ? pair[1] : null;
    }

    getAll(name) {
      const key = text(name);
      return this.#pairs.filter((pair) => pair[0] === key).map((pair) => pair[1]);
    }

    has(name, value = undefined) {
      const key = text(name);
      const wanted = value === undefined ? undefined : text(value);
      return this.#pairs.some(
        (pair) => pair[0] === key && (wanted === undefined || pair[1] === wanted),
      );
    }

    set(name, value) {
      const key = text(name);
      const pair = this.#pairs.find((candidate) => candidate[0] === key);
      if (pair) {
        pair[1] = text(value);
        this.#keep((candidate) => candidate === pair || candidate[0] !== key);
      } else {
        this.#pairs.push([key, text(value)]);
      }
      this.#update();
    }

    sort() {
      this.#pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
      this.#update();
    }

    forEach(callback, thisArgument = undefined) {
      for (const [name, value] of this) callback.call(thisArgument, value, name, this);
    }

    entries() {
      return iterate(() => this.#pairs, (pair) => [pair[0], pair[1]]);
    }

    keys() {
      return iterate(() => this.#pairs, (pair) => pair[0]);
    }

    values() {
      return iterate(() => this.#pairs, (pair) => pair[1]);
    }

    toString() {
      return this.#pairs.map((pair) => `${formEncode(pair[0])}=${formEncode(pair[1])}`).join('&');
    }
  }
  Object.defineProperties(URLSearchParams.prototype, {
    [Symbol.iterator]: {
      value: URLSearchParams.prototype.entries, writable: true, configurable: true,
    },
    [Symbol.toStringTag]: { value: 'URLSearchParams', configurable: true },
  });

  realm.percentDecode = percentDecode;
  globals.URLSearchParams = URLSearchParams;
})
