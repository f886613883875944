// The class URL after the WHATWG URL standard, over the parser of url-parser.js.
(function (define, globals, host, realm) {
  'use strict';

  const url = realm.urls;

  function serializePath(record) {
    return typeof record.path === 'string'
      ? record.path
      : record.path.map((segment) => `/${segment}`).join('');
  }

  function serializeHost(record) {
    return record.port === '' ? record.host ?? '' : `${record.host}:${record.port}`;
  }

  function serialize(record) {
    const { username, password, path } = record;
    let text = `${record.scheme}:`;
    if (record.host !== null) {
      text += '//';
      if (username !== '' || password !== '') {
        text += password === '' ? `${username}@` : `${username}:${password}@`;
      }
      text += serializeHost(record);
    } else if (typeof path !== 'string' && path.length > 1 && path[0] === '') {
      text += '/.';
    }
    text += serializePath(record);
    if (record.query !== null) text += `?${record.query}`;
    return record.fragment === null ? text : `${text}#${record.fragment}`;
  }

  const isOpaque = (record) => typeof record.path === 'string';
  const hasNoAuthority = (record) =>
    record.host === null || record.host === '' || record.scheme === 'file';
  const hasCredentials = (record) => record.username !== '' || record.password !== '';

  function setScheme(record, value) {
    const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*)(:|$)/.exec(url.clean(value))?.[1].toLowerCase();
    if (scheme === undefined || url.isSpecial(scheme) !== url.isSpecial(record.scheme)) return;
    if (scheme === 'file' && (hasCredentials(record) || record.port !== '')) return;
    if (record.scheme === 'file' && record.host === '') return;
    record.scheme = scheme;
    record.port = url.parsePort(record.port, scheme);
  }

  /** Sets the host and, with `withPort`, the port that follows it. */
  function setHost(record, value, withPort) {
    const special = url.isSpecial(record.scheme);
    const isFile = record.scheme === 'file';
    const text = url.clean(value).split(special ? /[/\\?#]/ : /[/?#]/)[0];
    const [, name, port] = isFile
      ? [null, text]
      : /^((?:\[[^\]]*\]?|[^:[])*)(:.*)?$/s.exec(text);
    if (port !== undefined && (name === '' || !withPort)) return;
    if (name === '' && !isFile) {
      if (special || hasCredentials(record) || record.port !== '') return;
    }
    const parsed = name === '' ? '' : url.parseHost(name, special);
    if (parsed === undefined) return;
    record.host = isFile && parsed === 'localhost' ? '' : parsed;
    if (port !== undefined) setPort(record, port.slice(1));
  }

  function setPort(record, value) {
    const digits = /^[0-9]+/.exec(url.clean(value));
    const port = digits === null ? undefined : url.parsePort(digits[0], record.scheme);
    if (port !== undefined) record.port = port;
  }

  function setPath(record, value) {
    const text = url.clean(value);
    record.path = [];
    url.appendPath(record, text);
    if (text === '' && record.host === null && !url.isSpecial(record.scheme)) record.path.push('');
  }

  class URL {
    #record;
    #params = null;

    constructor(input, base = undefined) {
      this.#record = URL.#parse(input, base);
      if (this.#record === null) {
        const related = base === undefined ? '' : ` with base '${base}'`;
        throw new TypeError(`Invalid URL: '${input}'${related}`);
      }
    }

    static #parse(input, base) {
      const parsedBase = base === undefined ? null : url.parse(base, null);
      return base !== undefined && parsedBase === null ? null : url.parse(input, parsedBase);
    }

    static canParse(input, base = undefined) {
      return URL.#parse(input, base) !== null;
    }

    static parse(input, base = undefined) {
      return URL.canParse(input, base) ? new URL(input, base) : null;
    }

    #fillParams() {
      if (this.#params === null) return;
      realm.linkSearchParams(this.#params, this.#record.query ?? '', (query) => {
        this.#record.query = query === '' ? null : query;
      });
    }

    get href() {
      return serialize(this.#record);
    }

    set href(value) {
      const record = url.parse(value, null);
      if (record === null) throw new TypeError(`Invalid URL: '${value}'`);
      this.#record = record;
      this.#fillParams();
    }

    get origin() {
      const { scheme } = this.#record;
      if (scheme === 'blob') {
        const inner = url.parse(serializePath(this.#record), null);
        return inner !== null && /^https?$/.test(inner.scheme)
          ? `${inner.scheme}://${serializeHost(inner)}` : 'null';
      }
      if (!url.isSpecial(scheme) || scheme === 'file') return 'null';
      return `${scheme}://${serializeHost(this.#record)}`;
    }

    get protocol() {
      return `${this.#record.scheme}:`;
    }

    set protocol(value) {
      setScheme(this.#record, value);
    }

    get username() {
      return this.#record.username;
    }

    set username(value) {
      if (hasNoAuthority(this.#record)) return;
      this.#record.username = url.encode(`${value}`.toWellFormed(), url.inUserinfo);
    }

    get password() {
      return this.#record.password;
    }

    set password(value) {
      if (hasNoAuthority(this.#record)) return;
      this.#record.password = url.encode(`${value}`.toWellFormed(), url.inUserinfo);
    }

    get host() {
      return serializeHost(this.#record);
    }

    set host(value) {
      if (!isOpaque(this.#record)) setHost(this.#record, value, true);
    }

    get hostname() {
      return this.#record.host ?? '';
    }

    set hostname(value) {
      if (!isOpaque(this.#record)) setHost(this.#record, value, false);
    }

    get port() {
      return this.#record.port;
    }

    set port(value) {
      if (hasNoAuthority(this.#record)) return;
      if (`${value}` === '') this.#record.port = '';
      else setPort(this.#record, value);
    }

    get pathname() {
      return serializePath(this.#record);
    }

    set pathname(value) {
      if (!isOpaque(this.#record)) setPath(this.#record, value);
    }

    get search() {
      return this.#record.query ? `?${this.#record.query}` : '';
    }

    set search(value) {
      const text = url.clean(`${value}`.replace(/^\?/, ''));
      this.#record.query = `${value}` === '' ? null : url.encodeQuery(text, this.#record.scheme);
      this.#fillParams();
    }

    get searchParams() {
      if (this.#params === null) {
        this.#params = new globals.URLSearchParams();
        this.#fillParams();
      }
      return this.#params;
    }

    get hash() {
      return this.#record.fragment ? `#${this.#record.fragment}` : '';
    }

    set hash(value) {
      const text = url.clean(`${value}`.replace(/^#/, ''));
      this.#record.fragment = `${value}` === '' ? null : url.encode(text, url.inFragment);
    }

    toString() {
      return serialize(this.#record);
    }

    toJSON() {
      return serialize(this.#record);
    }
  }
  Object.defineProperty(URL.prototype, Symbol.toStringTag, { value: 'URL', configurable: true });

  globals.URL = URL;
})
