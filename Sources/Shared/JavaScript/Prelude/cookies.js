// k6's cookie jars. What is in them is kept by the host, which sends it and adds to it; the jar of
// the client is known to it by the client's number.
(function (define, globals, host, realm) {
  'use strict';
  const http = realm.http;
  const clientMark = Symbol('client');
  // A jar as the host knows it.
  let handle;

  // Seconds since 1970.
  const secondsOf = (date) => {
    const seconds = Math.floor(Date.parse(date) / 1000);
    if (Number.isNaN(seconds)) throw new TypeError(`expires: '${date}' is not a date`);
    return seconds;
  };

  const settingOf = (options) => {
    const setting = { path: '', domain: '', expires: undefined, maxAge: 0, secure: false };
    for (const key of Object.keys(options ?? {})) {
      const value = options[key];
      switch (key.toLowerCase()) {
        case 'path': setting.path = String(value); break;
        case 'domain': setting.domain = String(value); break;
        case 'expires': if (String(value) !== '') setting.expires = secondsOf(String(value)); break;
        case 'max_age': setting.maxAge = Math.trunc(Number(value)) || 0; break;
        case 'secure': setting.secure = Boolean(value); break;
        default: break;
      }
    }
    return setting;
  };

  class CookieJar {
    #kept;
    #isClients;

    constructor(mark) { this.#isClients = mark === clientMark; }

    static {
      handle = (jar) => {
        if (jar.#isClients) return realm.current.index;
        jar.#kept ??= host.makeJar();
        return jar.#kept;
      };
    }

    set(url, name, value, options) {
      const { path, domain, expires, maxAge, secure } = settingOf(options);
      host.setCookie(handle(this), String(url), String(name), String(value), path, domain,
        expires, maxAge, secure);
      return true;
    }

    cookiesForURL(url) {
      const found = {};
      const pairs = host.cookies(handle(this), String(url));
      for (let index = 0; index < pairs.length; index += 2) {
        (found[pairs[index]] ??= []).push(pairs[index + 1]);
      }
      return found;
    }

    clear(url) { host.removeCookies(handle(this), String(url)); }

    delete(url, name) {
      if (!name) throw new TypeError('the name of the cookie to delete is missing');
      host.removeCookies(handle(this), String(url), String(name));
    }
  }

  const clientJar = new CookieJar(clientMark);
  // The jar of a request that is not the client's own; anything but a jar is none, as in k6.
  realm.jarOf = (jar) => (jar instanceof CookieJar && jar !== clientJar ? handle(jar) : undefined);
  http.cookieJar = () => clientJar;
  http.CookieJar = CookieJar;
  Object.freeze(http);
  define('k6/http', () => http);
})
