// jslib httpx: a session of HTTP requests with a common base URL, headers, tags and timeout.
(function (define, globals, host) {
  'use strict';

  const parameterNames = new Set([
    'headers', 'tags', 'cookies', 'timeout', 'redirects', 'auth', 'compression', 'jar',
    'responseType', 'responseCallback', 'name',
  ]);
  const methodsWithoutBody = new Set(['GET', 'HEAD', 'OPTIONS']);

  function isParameters(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const keys = Object.keys(value);
    return keys.length > 0 && keys.every((key) => parameterNames.has(key));
  }

  /** The header of `headers` that `name` means in any case of letters, or `name`. */
  function headerNamed(headers, name) {
    const lower = name.toLowerCase();
    return Object.keys(headers).find((key) => key.toLowerCase() === lower) ?? name;
  }

  function mergeHeaders(first, second) {
    const merged = { ...first };
    for (const [name, value] of Object.entries(second ?? {})) {
      delete merged[headerNamed(merged, name)];
      merged[name] = value;
    }
    return merged;
  }

  /** One request of a batch. */
  class Request {
    constructor(method, url, body = null, params = {}) {
      Object.assign(this, { method, url, body, params });
    }
  }

  const requestClasses = {};
  for (const name of ['Get', 'Post', 'Put', 'Patch', 'Delete', 'Options', 'Head']) {
    const method = name.toUpperCase();
    requestClasses[name] = class extends Request {
      constructor(url, body = null, params = {}) {
        super(method, url, body, params);
      }
    };
    Object.defineProperty(requestClasses[name], 'name', { value: name });
  }

  define('jslib/httpx', (client) => {
    const http = () => client.api.http;

    class Httpx {
      constructor(options = {}) {
        const { baseURL = '', headers = {}, tags = {}, timeout, ...params } = options;
        this.baseURL = baseURL;
        this.headers = { ...headers };
        this.tags = { ...tags };
        this.timeout = timeout;
        this.params = params;
      }

      setBaseUrl(url) {
        this.baseURL = url;
      }

      setTimeout(milliseconds) {
        this.timeout = milliseconds;
      }

      addHeader(name, value) {
        this.headers = mergeHeaders(this.headers, { [name]: value });
      }

      addHeaders(headers) {
        this.headers = mergeHeaders(this.headers, headers);
      }

      setHeaders(headers) {
        this.headers = { ...headers };
      }

      removeHeader(name) {
        delete this.headers[headerNamed(this.headers, name)];
      }

      clearHeader(name) {
        this.removeHeader(name);
      }

      clearHeaders() {
        this.headers = {};
      }

      addTag(name, value) {
        this.tags[name] = value;
      }

      addTags(tags) {
        Object.assign(this.tags, tags);
      }

      setTags(tags) {
        this.tags = { ...tags };
      }

      removeTag(name) {
        delete this.tags[name];
      }

      clearTag(name) {
        this.removeTag(name);
      }

      clearTags() {
        this.tags = {};
      }

      /** A URL with a scheme of its own stays as it is. */
      resolve(url) {
        const text = `${url}`;
        return /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\//.test(text) ? text : this.baseURL + text;
      }

      merge(params) {
        const merged = { ...this.params, ...params };
        merged.headers = mergeHeaders(this.headers, params?.headers);
        merged.tags = { ...this.tags, ...params?.tags };
        const timeout = params?.timeout ?? this.timeout;
        if (timeout !== undefined) merged.timeout = timeout;
        return merged;
      }

      request(method, url, body = null, params = undefined) {
        let [content, settings] = [body, params];
        if (settings === undefined && methodsWithoutBody.has(method) && isParameters(body)) {
          [content, settings] = [null, body];
        }
        return http().request(method, this.resolve(url), content, this.merge(settings));
      }

      batch(requests, params = {}) {
        const prepared = requests.map((item) => {
          const { method = 'GET', url, body = null, params: own } =
            typeof item === 'string' ? { url: item } : item;
          const settings = {
            ...params, ...own,
            headers: mergeHeaders(params.headers, own?.headers),
            tags: { ...params.tags, ...own?.tags },
          };
          return { method, url: this.resolve(url), body, params: this.merge(settings) };
        });
        return http().batch(prepared);
      }
    }

    for (const name of Object.keys(requestClasses)) {
      const method = name.toUpperCase();
      const send = function (url, body = null, params = undefined) {
        return this.request(method, url, body, params);
      };
      for (const key of [name.toLowerCase(), `async${name}`]) {
        Object.defineProperty(Httpx.prototype, key, {
          value: send, writable: true, configurable: true,
        });
      }
    }
    Httpx.prototype.del = Httpx.prototype.delete;

    const exported = { Httpx, Request, ...requestClasses };
    return { ...exported, default: exported };
  });
})
