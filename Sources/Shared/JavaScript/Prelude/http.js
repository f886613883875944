// `http`: requests as promises, responses as k6 users know them.
(function (define, globals, host, realm) {
  'use strict';
  // GET requests of nothing but a URL are known to the host by number: the URL need not travel.
  const known = new Map();
  const knownMax = 4096;
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

  class Response {
    #head; #headers; #cookies; #timings; #json; #dns; #open; #tls; #first; #close;

    constructor(request, status, error, code, body, head, url, dns, open, tls, first, close) {
      this.request = request;
      this.url = url;
      this.status = status;
      this.body = body;
      this.error = error;
      this.error_code = code;
      this.#head = head;
      this.#dns = dns;
      this.#open = open;
      this.#tls = tls;
      this.#first = first;
      this.#close = close;
    }

    get status_text() {
      const end = this.#head.indexOf('\r\n');
      return end < 0 ? '' : this.#head.slice(this.#head.indexOf(' ') + 1, end);
    }
    get statusText() { return this.status_text; }
    get ok() { return this.status >= 200 && this.status < 300; }
    get proto() {
      const space = this.#head.indexOf(' ');
      const text = space < 0 ? '' : this.#head.slice(0, space);
      return text === 'HTTP/2' ? 'HTTP/2.0' : text;
    }
    get headers() { return this.#headers ??= parseHeaders(this.#head); }
    get cookies() { return this.#cookies ??= parseCookies(this.#head); }
    get remote_ip() { return host.remote(realm.current.index)[0] ?? ''; }
    get remote_port() { return host.remote(realm.current.index)[1] ?? 0; }

    // Milliseconds, as k6 splits them.
    get timings() {
      if (this.#timings === undefined) {
        const [dns, open, tls] = [this.#dns, this.#open, this.#tls];
        const [first, close] = [this.#first, this.#close];
        const connected = Math.max(0, dns, open, tls);
        const waited = first < 0 ? close : first;
        this.#timings = {
          duration: Math.max(0, close - connected) / 1000, blocked: 0,
          looking_up: Math.max(0, dns) / 1000,
          connecting: Math.max(0, open - Math.max(0, dns)) / 1000,
          tls_handshaking: tls > 0 ? Math.max(0, tls - open) / 1000 : 0, sending: 0,
          waiting: Math.max(0, waited - connected) / 1000,
          receiving: Math.max(0, close - waited) / 1000,
        };
      }
      return this.#timings;
    }

    text() {
      if (this.body === null || typeof this.body === 'string') return this.body ?? '';
      return new globals.TextDecoder().decode(this.body);
    }

    json(selector) {
      if (this.#json === undefined) {
        try {
          this.#json = JSON.parse(this.text());
        } catch (error) {
          throw new SyntaxError(`cannot parse the body of ${this.url} as JSON: ${error.message}`);
        }
      }
      return selector === undefined ? this.#json : select(this.#json, String(selector));
    }

    html(selector) {
      const selection = realm.require('k6/html').parseHTML(this.text());
      return selector === undefined ? selection : selection.find(selector);
    }

    submitForm(options = {}) {
      const form = this.html(options.formSelector ?? 'form').first();
      const fields = { ...form.serializeObject(), ...options.fields };
      const method = (form.attr('method') ?? 'GET').toUpperCase();
      const target = new globals.URL(form.attr('action') ?? '', this.url);
      if (method !== 'GET') return request(method, target.href, fields, options.params);
      for (const name in fields) target.searchParams.set(name, fields[name]);
      return request('GET', target.href, null, options.params);
    }

    clickLink(options = {}) {
      const link = this.html(options.selector ?? 'a[href]').first();
      const address = link.attr('href');
      if (address === undefined) throw new Error(`no link '${options.selector ?? 'a[href]'}'`);
      return request('GET', new globals.URL(address, this.url).href, null, options.params);
    }
  }

  // k6 selects in JSON with gjson's paths: names and numbers with dots, `#` for all elements.
  const select = (value, path) => {
    const parts = path.split('.');
    for (let index = 0; index < parts.length; index += 1) {
      if (value === null || value === undefined) return undefined;
      if (parts[index] === '#' && Array.isArray(value)) {
        if (index === parts.length - 1) return value.length;
        const rest = parts.slice(index + 1).join('.');
        return value.map((element) => select(element, rest)).filter((one) => one !== undefined);
      }
      value = value[parts[index]];
    }
    return value;
  };

  // The host has a response, or the reason why there is none.
  realm.responded = (index, id, status, code, error, body, head, url, dns, open, tls, first,
    close) => {
    const client = realm.clients[index];
    realm.enter(client);
    const waiting = client.ops.get(id);
    if (waiting === undefined) return;
    realm.cancel(client, id);
    const sent = waiting.sent;
    const response = new Response(sent, status, error ?? '', code, body, head, url ?? sent.url,
      dns, open, tls, first, close);
    // What was never sent is no request.
    if (realm.observe !== undefined && close >= 0) realm.observe(sent, response);
    // A body without end ends the iteration: nothing that follows could rely on it.
    const isFatal = code === 1602 || sent.throws;
    if (error === undefined || !isFatal) waiting.resolve(response);
    else waiting.reject(new Error(`${sent.method} ${sent.url}: ${error}`));
    realm.settle(client);
  };

  // Sends a request whose parts `realm.prepare` has put into the host's form.
  const request = (method, url, body, params) => {
    const client = realm.current;
    if (realm.isInit) {
      throw new Error('requests are not possible in the init context, while the script is loaded');
    }
    if (method === 'GET' && typeof url === 'string' && params == null && body == null
      && client.tags === null && client.accepts === undefined && !realm.discardsBodies) {
      let number = known.get(url);
      if (number === undefined) {
        number = known.size < knownMax ? host.know(url) : -1;
        if (number >= 0) known.set(url, number);
      }
      if (number >= 0) {
        return new Promise((resolve, reject) => {
          const sent = { method, url, headers: {}, body: null, cookies: {}, tags: null };
          sent.throws = realm.throws;
          host.send(client.index, realm.begin(client, { sent, resolve, reject }), number);
        });
      }
    }
    const sent = realm.prepare(client, method, url, body, params);
    return new Promise((resolve, reject) => {
      host.request(client.index, realm.begin(client, { sent, resolve, reject }), sent.method,
        sent.isURL ? sent.url : undefined, sent.name ?? '', sent.lines, sent.body ?? undefined, sent.timeoutMs,
        sent.redirects, sent.form, sent.accepts, sent.ownCookies, sent.jar);
    });
  };
  realm.request = request;

  const checked = (method, takesBody) => (takesBody
    ? (url, body, params) => request(method, url, body, params)
    : (url, params) => request(method, url, null, params));

  const batchEntry = (entry) => {
    if (typeof entry === 'string' || entry instanceof globals.URL || entry?.isTemplate) {
      return request('GET', entry, null, undefined);
    }
    if (Array.isArray(entry)) {
      if (entry.length === 1) return request('GET', entry[0], null, undefined);
      return request(String(entry[0]).toUpperCase(), entry[1], entry[2], entry[3]);
    }
    return request(
      String(entry.method ?? 'GET').toUpperCase(), entry.url, entry.body, entry.params);
  };

  const batchHost = (entry) => {
    let address = entry;
    if (Array.isArray(entry)) address = entry.length === 1 ? entry[0] : entry[1];
    else if (typeof entry === 'object' && !(entry instanceof globals.URL) && !entry?.isTemplate) {
      address = entry?.url;
    }
    const match = /^\w+:\/\/([^/?#]*)/.exec(String(address?.isTemplate ? address.url : address));
    return match === null ? '' : match[1].toLowerCase();
  };

  // Requests in their order, so many at once in all and so many of a host: one whose host is busy
  // lets those behind it go first.
  const batch = (requests) => new Promise((resolve, reject) => {
    const waiting = Object.keys(requests).map((key) => ({ key, host: batchHost(requests[key]) }));
    const responses = Array.isArray(requests) ? new Array(waiting.length) : {};
    const most = realm.run.batch ?? 20;
    const mostOfHost = realm.run.batchPerHost ?? 6;
    const busy = new Map();
    let underWay = 0;
    const more = () => {
      for (let index = 0; index < waiting.length && underWay < most;) {
        const { key, host: name } = waiting[index];
        const ofHost = busy.get(name) ?? 0;
        if (ofHost >= mostOfHost) {
          index += 1;
          continue;
        }
        waiting.splice(index, 1);
        busy.set(name, ofHost + 1);
        underWay += 1;
        batchEntry(requests[key]).then((response) => {
          responses[key] = response;
          busy.set(name, busy.get(name) - 1);
          underWay -= 1;
          more();
        }).catch((error) => {
          waiting.length = 0;
          reject(error);
        });
      }
      if (underWay === 0) resolve(responses);
    };
    more();
  });

  const http = {
    get: checked('GET', false), head: checked('HEAD', false), post: checked('POST', true),
    put: checked('PUT', true), patch: checked('PATCH', true), del: checked('DELETE', true),
    options: checked('OPTIONS', true), batch,
    request: (method, url, body, params) =>
      request(String(method).toUpperCase(), url, body, params),
  };
  http.delete = http.del;
  http.asyncRequest = http.request;
  http.Response = Response;
  realm.http = http;
  globals.http = http;
})
