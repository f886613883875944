// k6's cookie jars. The client's own jar is libcurl's; others are kept here.
(function (define, globals, host, realm) {
  'use strict';
  const http = realm.http;

  // Lines of Netscape's cookie file: domain, subdomains, path, secure, expiry, name, value.
  const parse = (line) => {
    const isHttpOnly = line.startsWith('#HttpOnly_');
    const fields = (isHttpOnly ? line.slice(10) : line).split('\t');
    return {
      domain: fields[0].replace(/^\./, ''), subdomains: fields[1] === 'TRUE', path: fields[2],
      secure: fields[3] === 'TRUE', expires: Number(fields[4]), name: fields[5],
      value: fields[6] ?? '',
    };
  };

  const matches = (cookie, url) => {
    const host = url.hostname;
    const isHost = host === cookie.domain
      || (cookie.subdomains && host.endsWith(`.${cookie.domain}`));
    return isHost && url.pathname.startsWith(cookie.path)
      && (!cookie.secure || url.protocol === 'https:');
  };

  const lineOf = (address, name, value, options = {}) => {
    const url = new globals.URL(address);
    if (/[\t\r\n]/.test(`${name}${value}`)) throw new TypeError('a cookie may not hold tabs');
    const expires = options.expires ? Math.floor(Date.parse(options.expires) / 1000)
      : options.max_age ? Math.floor(Date.now() / 1000) + Number(options.max_age) : 0;
    const domain = options.domain ?? url.hostname;
    return [domain, options.domain ? 'TRUE' : 'FALSE', options.path ?? '/',
      options.secure ? 'TRUE' : 'FALSE', String(expires || 0), name, value].join('\t');
  };

  class CookieJar {
    #lines = [];

    set(url, name, value, options) { this.#lines.push(lineOf(url, name, value, options)); }

    get all() { return this.#lines.map(parse); }

    cookiesForURL(address) {
      const url = new globals.URL(address);
      const found = {};
      for (const cookie of this.all) {
        if (matches(cookie, url)) (found[cookie.name] ??= []).push(cookie.value);
      }
      return found;
    }

    clear(address) {
      const url = new globals.URL(address);
      this.#lines = this.#lines.filter((line) => !matches(parse(line), url));
    }

    delete(address, name) {
      const url = new globals.URL(address);
      this.#lines = this.#lines.filter((line) => {
        const cookie = parse(line);
        return cookie.name !== name || !matches(cookie, url);
      });
    }

    // As a Cookie header.
    text(address) {
      const found = this.cookiesForURL(address);
      return Object.keys(found).flatMap((name) => found[name].map((value) => `${name}=${value}`))
        .join('; ');
    }
  }

  class ClientJar extends CookieJar {
    set(url, name, value, options) {
      host.setCookie(realm.current.index, lineOf(url, name, value, options));
    }

    get all() { return host.cookies(realm.current.index).map(parse); }

    remove(test) {
      for (const cookie of this.all) {
        if (!test(cookie)) continue;
        // A cookie whose time is over is a cookie removed.
        const domain = (cookie.subdomains ? '.' : '') + cookie.domain;
        host.setCookie(realm.current.index, [domain, cookie.subdomains ? 'TRUE' : 'FALSE',
          cookie.path, cookie.secure ? 'TRUE' : 'FALSE', '1', cookie.name, ''].join('\t'));
      }
    }

    clear(address) { this.remove((cookie) => matches(cookie, new globals.URL(address))); }

    delete(address, name) {
      this.remove((cookie) => cookie.name === name && matches(cookie, new globals.URL(address)));
    }

    // Sent by libcurl itself.
    text() { return ''; }
  }

  const clientJar = new ClientJar();
  http.cookieJar = () => clientJar;
  http.CookieJar = CookieJar;
  Object.freeze(http);
  define('k6/http', () => http);
})
