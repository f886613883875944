// What scripts see of a response, and of the request that led to it: k6's members and no others.
(function (define, globals, host, realm) {
  'use strict';
  const canonical = (name) =>
    name.toLowerCase().replace(/(^|-)[a-z]/g, (letters) => letters.toUpperCase());

  const parseHeaders = (text) => {
    const headers = {};
    for (const line of text.split('\r\n')) {
      const colon = line.indexOf(':');
      if (colon < 1) continue;
      const name = canonical(line.slice(0, colon));
      const value = line.slice(colon + 1).trim();
      headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
    }
    return headers;
  };

  const parseCookies = (text) => {
    const cookies = {};
    for (const line of text.split('\r\n')) {
      if (!/^set-cookie:/i.test(line)) continue;
      const parts = line.slice(11).split(';');
      const equals = parts[0].indexOf('=');
      if (equals < 0) continue;
      const cookie = {
        name: parts[0].slice(0, equals).trim(),
        value: parts[0].slice(equals + 1).trim().replace(/^"(.*)"$/s, '$1'),
        domain: '', path: '', http_only: false, secure: false, max_age: 0, expires: 0,
      };
      for (const part of parts.slice(1)) {
        const [key, ...rest] = part.split('=');
        const value = rest.join('=').trim();
        switch (key.trim().toLowerCase()) {
          case 'domain': cookie.domain = value; break;
          case 'path': cookie.path = value; break;
          case 'max-age': if (/^-?\d+$/.test(value)) cookie.max_age = Number(value) || -1; break;
          case 'expires': cookie.expires = Date.parse(value) || 0; break;
          case 'secure': cookie.secure = true; break;
          case 'httponly': cookie.http_only = true; break;
          default: break;
        }
      }
      (cookies[cookie.name] ??= []).push(cookie);
    }
    return cookies;
  };

  // An object that is filled when somebody first looks into it: most scripts do not read headers,
  // and those of a test may have millions of responses.
  const unread = Symbol('unread');
  function Unread(text, parse) {
    this[unread] = text;
    this.parse = parse;
  }
  Unread.prototype = Object.prototype;
  const filled = (target) => {
    const text = target[unread];
    if (text === undefined) return target;
    const { parse } = target;
    delete target[unread];
    delete target.parse;
    return Object.assign(target, parse(text));
  };
  const reading = {
    get: (target, key) => filled(target)[key],
    has: (target, key) => key in filled(target),
    ownKeys: (target) => Reflect.ownKeys(filled(target)),
    getOwnPropertyDescriptor: (target, key) =>
      Reflect.getOwnPropertyDescriptor(filled(target), key),
    defineProperty: (target, key, descriptor) =>
      Reflect.defineProperty(filled(target), key, descriptor),
    deleteProperty: (target, key) => Reflect.deleteProperty(filled(target), key),
    set(target, key, value) {
      filled(target)[key] = value;
      return true;
    },
    preventExtensions: (target) => Reflect.preventExtensions(filled(target)),
  };
  const unreadOf = (text, parse) => new Proxy(new Unread(text, parse), reading);

  // HTTP/2 has no reason phrases; k6 says them all the same.
  const reasons = {
    200: 'OK', 201: 'Created', 202: 'Accepted', 203: 'Non-Authoritative Information',
    204: 'No Content', 205: 'Reset Content', 206: 'Partial Content', 207: 'Multi-Status',
    208: 'Already Reported', 226: 'IM Used', 300: 'Multiple Choices', 301: 'Moved Permanently',
    302: 'Found', 303: 'See Other', 304: 'Not Modified', 305: 'Use Proxy',
    307: 'Temporary Redirect', 308: 'Permanent Redirect', 400: 'Bad Request',
    401: 'Unauthorized', 402: 'Payment Required', 403: 'Forbidden', 404: 'Not Found',
    405: 'Method Not Allowed', 406: 'Not Acceptable', 407: 'Proxy Authentication Required',
    408: 'Request Timeout', 409: 'Conflict', 410: 'Gone', 411: 'Length Required',
    412: 'Precondition Failed', 413: 'Request Entity Too Large', 414: 'Request URI Too Long',
    415: 'Unsupported Media Type', 416: 'Requested Range Not Satisfiable',
    417: 'Expectation Failed', 418: "I'm a teapot", 421: 'Misdirected Request',
    422: 'Unprocessable Entity', 423: 'Locked', 424: 'Failed Dependency', 425: 'Too Early',
    426: 'Upgrade Required', 428: 'Precondition Required', 429: 'Too Many Requests',
    431: 'Request Header Fields Too Large', 451: 'Unavailable For Legal Reasons',
    500: 'Internal Server Error', 501: 'Not Implemented', 502: 'Bad Gateway',
    503: 'Service Unavailable', 504: 'Gateway Timeout', 505: 'HTTP Version Not Supported',
    506: 'Variant Also Negotiates', 507: 'Insufficient Storage', 508: 'Loop Detected',
    510: 'Not Extended', 511: 'Network Authentication Required',
  };
  // The digit behind `HTTP/`.
  const versionOf = (head) => head.charCodeAt(5) - 48;
  const statusText = (head, status) => {
    if (versionOf(head) === 1) return head.slice(9, head.indexOf('\r\n', 9));
    return head === '' ? '' : `${status} ${reasons[status] ?? ''}`;
  };
  const protocol = (head) => {
    if (versionOf(head) === 1) return head.charCodeAt(7) === 49 ? 'HTTP/1.1' : 'HTTP/1.0';
    return head === '' ? '' : 'HTTP/2.0';
  };

  // Milliseconds, as k6 splits them.
  const timingsOf = (dns, open, tls, first, close) => {
    const connected = Math.max(0, dns, open, tls);
    const waited = first < 0 ? close : first;
    return {
      duration: Math.max(0, close - connected) / 1000, blocked: 0,
      looking_up: Math.max(0, dns) / 1000,
      connecting: Math.max(0, open - Math.max(0, dns)) / 1000,
      tls_handshaking: tls > 0 ? Math.max(0, tls - open) / 1000 : 0, sending: 0,
      waiting: Math.max(0, waited - connected) / 1000,
      receiving: Math.max(0, close - waited) / 1000,
    };
  };

  // Who is at the other end of a connection, and how it is secured.
  class Peer {
    constructor(number, ip = '', port = 0, version = '', suite = '', stapled = undefined) {
      this.number = number;
      this.ip = ip;
      this.port = port;
      this.version = version;
      this.suite = suite;
      const [produced, from, until, revoked, reason, status] = stapled ?? [0, 0, 0, 0, '', ''];
      this.ocsp = {
        produced_at: produced, this_update: from, next_update: until, revoked_at: revoked,
        revocation_reason: reason, status,
      };
    }
  }
  const nobody = new Peer(0);
  // The host numbers connections: what they are is asked for once.
  const peerOf = (client, number) => {
    if (number === 0) return nobody;
    let peer = client.peer;
    if (peer === null || peer.number !== number) {
      peer = new Peer(number, ...host.peer(client.index, number));
      client.peer = peer;
    }
    return peer;
  };

  const plainHeaders = () => {
    const agent = realm.run.userAgent;
    return agent ? { 'User-Agent': [agent] } : {};
  };

  const open = { enumerable: true, configurable: true, writable: true };
  // Cookies as they were sent, by their names.
  const parseSentCookies = (text) => {
    const cookies = {};
    for (const part of text.split(';')) {
      const equals = part.indexOf('=');
      const name = (equals < 0 ? part : part.slice(0, equals)).trim();
      if (name === '') continue;
      const value = equals < 0 ? '' : part.slice(equals + 1).trim();
      (cookies[name] ??= []).push({ name, value, replace: false });
    }
    return cookies;
  };

  // What is sent by the same plain GET again and again.
  realm.plain = (url) => {
    const headers = plainHeaders();
    Object.values(headers).forEach(Object.freeze);
    const shown = Object.freeze({
      method: 'GET', url, headers: Object.freeze(headers), body: '', cookies: Object.freeze({}),
    });
    return { method: 'GET', url, tags: null, throws: realm.throws, shown };
  };

  const requestOf = (sent, cookies) => {
    const request = sent.shown;
    const own = request.headers.Cookie?.[0];
    if (cookies === undefined && own === undefined) return request;
    const text = own === undefined || cookies === undefined ? cookies ?? own : `${own}; ${cookies}`;
    return Object.defineProperties({}, {
      ...Object.getOwnPropertyDescriptors(request),
      headers: { value: { ...request.headers, Cookie: [text] }, ...open },
      cookies: { value: unreadOf(text, parseSentCookies), ...open },
    });
  };

  // What `request.headers` and `request.body` are of a request with more than a URL.
  realm.requestShown = (method, url, lines, body) => {
    const headers = plainHeaders();
    for (let index = 0; index + 1 < lines.length; index += 2) {
      const name = canonical(lines[index]);
      if (name !== 'Content-Length') headers[name] = [lines[index + 1]];
    }
    const request = { method, url, headers, body: body ?? '', cookies: {} };
    if (body !== null && typeof body !== 'string') {
      // Bytes become a text when somebody reads them.
      Object.defineProperty(request, 'body', {
        enumerable: true, configurable: true, get: () => new globals.TextDecoder().decode(body),
      });
    }
    return request;
  };

  const withoutBody = (what) => new Error(
    `the body is null so we can't transform it to ${what} - this likely was because of a `
    + 'request error getting the response');

  const queryOf = (fields) => {
    const query = new globals.URLSearchParams();
    for (const name of Object.keys(fields).sort()) {
      for (const value of [].concat(fields[name])) query.append(name, String(value));
    }
    return query.toString();
  };

  class Response {
    #json;

    constructor(sent, status, error, code, body, head, url, timings, peer, sentCookies,
      setsCookies) {
      this.remote_ip = peer.ip;
      this.remote_port = peer.port;
      this.url = url;
      this.status = status;
      this.status_text = statusText(head, status);
      this.proto = protocol(head);
      this.headers = unreadOf(head, parseHeaders);
      this.cookies = setsCookies ? unreadOf(head, parseCookies) : {};
      // As in k6: what can have no content has no body, not an empty one.
      this.body = status === 204 || status === 304 ? null : body;
      this.timings = timings;
      this.tls_version = peer.version;
      this.tls_cipher_suite = peer.suite;
      this.ocsp = peer.ocsp;
      this.error = error;
      this.error_code = code;
      this.request = sent === null ? null : requestOf(sent, sentCookies);
    }

    get statusText() { return this.status_text; }
    get ok() { return this.status >= 200 && this.status < 300; }

    text() {
      if (this.body === null || typeof this.body === 'string') return this.body ?? '';
      return new globals.TextDecoder().decode(this.body);
    }

    json(selector) {
      if (this.body === null) throw withoutBody('JSON');
      if (this.#json === undefined) {
        try {
          this.#json = JSON.parse(this.text());
        } catch (error) {
          if (selector !== undefined) return undefined;
          throw new SyntaxError(`cannot parse the body of ${this.url} as JSON: ${error.message}`);
        }
      }
      return selector === undefined ? this.#json : realm.selectJSON(this.#json, String(selector));
    }

    html(selector) {
      if (this.body === null) throw withoutBody('HTML');
      const selection = realm.require('k6/html').parseHTML(this.text());
      return selector === undefined ? selection : selection.find(selector);
    }

    submitForm(options = {}) {
      const selector = options.formSelector ?? 'form';
      const form = this.html(selector).first();
      if (form.size() === 0) {
        throw new Error(`no form found for selector '${selector}' in response '${this.url}'`);
      }
      const fields = form.serializeObject();
      const submit = form.find(options.submitSelector ?? '[type="submit"]');
      const [name, value] = [submit.attr('name'), submit.val()];
      if (name !== undefined && value !== undefined) fields[name] = value;
      Object.assign(fields, options.fields);
      const method = (form.attr('method') ?? 'GET').toUpperCase();
      const target = new globals.URL(form.attr('action') ?? '', this.url);
      if (method !== 'GET') return realm.request(method, target.href, fields, options.params);
      target.search = queryOf(fields);
      return realm.request('GET', target.href, null, options.params);
    }

    clickLink(options = {}) {
      const selector = options.selector ?? 'a[href]';
      const link = this.html(selector).first();
      const place = `on element '${selector}' in response '${this.url}'`;
      if (link.size() === 0) {
        throw new Error(`no element found for selector '${selector}' in response '${this.url}'`);
      }
      const address = link.attr('href');
      if (address === undefined) throw new Error(`no valid href attribute value found ${place}`);
      const target = new globals.URL(address, this.url);
      return realm.request('GET', target.href, null, options.params);
    }
  }
  realm.Response = Response;

  // From what the host knows.
  realm.response = (client, sent, status, error, code, body, head, url, dns, open, tls, first,
    close, peer, sentCookies, setsCookies) => new Response(sent, status, error ?? '', code, body,
    head, url ?? sent.url, timingsOf(dns, open, tls, first, close), peerOf(client, peer),
    sentCookies, setsCookies);

  // Of what cannot be made a request: as in k6 it is none, and has a response that says why.
  realm.refused = (message) => new Response(null, 0, message, 0, null, '', '',
    timingsOf(-1, -1, -1, -1, 0), nobody, undefined, false);
})
