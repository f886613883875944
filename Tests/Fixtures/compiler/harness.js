// A world of false modules that writes down what a script does, in order. With `isAsync`, what
// waits answers promises that take a varying number of turns, so that a missing await shows.
(function (isAsync) {
  'use strict';

  const log = [];
  let turns = 0;

  function text(value) {
    if (typeof value === 'function') return 'function';
    if (value === undefined) return 'undefined';
    if (value && typeof value.then === 'function') return 'a promise';
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  function later(action) {
    if (!isAsync) return action();
    turns += 1;
    return (async () => {
      for (let i = 0; i < 1 + (turns * 7) % 5; i++) await undefined;
      return action();
    })();
  }

  function response(method, url, body) {
    const data = { url, method, items: [1, 2, 3], token: 't' + url.length, next: url + '/next' };
    return {
      status: url.includes('missing') ? 404 : 200, url, body: JSON.stringify(data),
      headers: { 'Content-Type': 'application/json', Location: url + '/moved' },
      timings: { duration: url.length }, cookies: { session: [{ value: 's' + url.length }] },
      request: { method, body }, error_code: 0,
      json(path) {
        return path === undefined ? data : data[path];
      },
      html() {
        const find = () => selection(['x', 'y']);
        return { find, text: () => 'text of ' + url };
      },
      submitForm(params) {
        return request('SUBMIT', url, params && params.fields);
      },
    };
  }

  function selection(items) {
    return {
      size: () => items.length,
      get: (index) => (index === undefined ? items : items[index]),
      toArray: () => items,
      each(f) {
        items.forEach((item, index) => f(index, item));
        return this;
      },
      first: () => ({ text: () => items[0], attr: (name) => name + items[0] }),
    };
  }

  function request(method, url, body) {
    log.push(`${method} ${url}${body === undefined || body === null ? '' : ' ' + text(body)}`);
    return later(() => {
      log.push(`answer ${url}`);
      if (url.includes('broken')) throw new Error('cannot reach ' + url);
      return response(method, url, body);
    });
  }

  const http = { url: (parts, ...values) => String.raw({ raw: parts }, ...values) };
  for (const name of ['get', 'head', 'options', 'post', 'put', 'patch', 'del']) {
    const hasBody = name !== 'get' && name !== 'head';
    http[name] = (url, body) => request(name.toUpperCase(), url, hasBody ? body : undefined);
  }
  http.request = (method, url, body) => request(method, url, body);
  http.asyncRequest = async (method, url, body) => {
    log.push(`async ${method} ${url}`);
    for (let i = 0; i < 3; i++) await undefined;
    log.push(`answer ${url}`);
    return response(method, url, body);
  };
  http.batch = (requests) => {
    const answer = (item) => (typeof item === 'string' ? response('GET', item)
      : response(item.method ?? item[0], item.url ?? item[1], item.body ?? item[2]));
    log.push(`BATCH ${text(requests)}`);
    return later(() => {
      log.push('answer of batch');
      if (Array.isArray(requests)) return requests.map(answer);
      return Object.fromEntries(Object.entries(requests).map(([key, item]) => [key, answer(item)]));
    });
  };
  http.cookieJar = () => ({
    set: (url, name, value) => log.push(`cookie ${name}=${value}`),
    cookiesForURL: () => ({ session: ['s'] }),
  });
  http.expectedStatuses = (...codes) => codes;
  http.setResponseCallback = () => {};

  const isPromise = (value) => value && typeof value.then === 'function';

  function check(value, checks) {
    let passed = true;
    const note = (name, result) => {
      log.push(`check ${name}: ${isPromise(result) ? 'a promise' : Boolean(result)}`);
      passed = passed && Boolean(result);
    };
    const names = Object.keys(checks);
    if (!isAsync) {
      for (const name of names) note(name, checks[name](value));
      return passed;
    }
    const results = [];
    for (let i = 0; i < names.length; i++) {
      const result = checks[names[i]](value);
      if (isPromise(result)) {
        return (async () => {
          note(names[i], await result);
          for (const name of names.slice(i + 1)) note(name, await checks[name](value));
          return passed;
        })();
      }
      note(names[i], result);
    }
    return passed;
  }

  function group(name, f) {
    log.push(`group ${name}`);
    const end = (value) => {
      log.push(`end of ${name}`);
      return value;
    };
    const value = f();
    return isAsync && isPromise(value) ? value.then(end) : end(value);
  }

  function sleep(seconds) {
    log.push(`sleep ${seconds}`);
    return later(() => log.push('awake'));
  }

  class Metric {
    constructor(name) {
      this.name = name;
    }

    add(value, tags) {
      log.push(`${this.name} ${text(value)}${tags ? ' ' + text(tags) : ''}`);
    }
  }

  class Httpx {
    constructor(options = {}) {
      this.base = options.baseURL ?? '';
    }

    get(url) {
      return request('GET', this.base + url);
    }

    post(url, body) {
      return request('POST', this.base + url, body);
    }

    addHeader(name, value) {
      log.push(`header ${name}: ${value}`);
    }
  }

  function SharedArray(name, f) {
    return Object.freeze(f());
  }

  const modules = {
    k6: { check, group, sleep, fail: (why) => { throw new Error(why); }, randomSeed() {} },
    'k6/http': { ...http, default: http },
    'k6/metrics': { Counter: Metric, Gauge: Metric, Rate: Metric, Trend: Metric },
    'k6/data': { SharedArray },
    'k6/execution': { default: { vu: { idInTest: 1, iterationInScenario: 0 }, test: {} } },
    'k6/encoding': { b64encode: (value) => `b64(${value})`, b64decode: (value) => value },
    'k6/crypto': { default: { sha256: (value) => `sha(${value})` } },
    'k6/html': { parseHTML: () => ({ find: () => selection(['p', 'q']) }) },
    'k6/timers': {},
    throng: { http },
    'testable-utils': {},
    'jslib/httpx': { Httpx },
    'jslib/k6-utils': {
      randomIntBetween: (low) => low, randomItem: (list) => list[0], uuidv4: () => 'uuid',
    },
    'jslib/k6-summary': { textSummary: () => 'summary' },
    'jslib/k6chaijs': {
      describe(name, f) {
        log.push(`describe ${name}`);
        const value = f();
        return isAsync && isPromise(value) ? value.then(() => true) : true;
      },
      expect: (value) => ({ to: { equal: (other) => log.push(`expect ${value} ${other}`) } }),
    },
    'jslib/url': {}, 'jslib/formdata': {}, 'jslib/papaparse': {},
  };

  function require(name) {
    if (!Object.hasOwn(modules, name)) throw new Error('no module ' + name);
    return modules[name];
  }

  const globals = {
    __VU: 1, __ITER: 0, __ENV: { BASE: 'http://env' },
    open: (name) => `[{"file":"${name}"}]`,
    console: { log: (...values) => log.push('log ' + values.map(text).join(' ')) },
  };

  async function attempt(name, f, ...values) {
    try {
      const result = await f(...values);
      if (result !== undefined) log.push(`${name} answers ${text(result)}`);
      return result;
    } catch (error) {
      log.push(`${name} throws ${error && error.message}`);
      return undefined;
    }
  }

  /** Runs what a script exports as a load test of two iterations does. */
  async function run(exports) {
    const main = typeof exports === 'function' ? exports : exports.default;
    const data = exports.setup ? await attempt('setup', exports.setup) : undefined;
    const copy = data === undefined ? undefined : JSON.parse(JSON.stringify(data));
    const scenarios = exports.options?.scenarios ?? { main: {} };
    for (const { exec } of Object.values(scenarios)) {
      for (let i = 0; i < 2; i++) {
        await attempt(exec ?? 'default', exec ? exports[exec] : main, copy);
      }
    }
    if (exports.teardown) await attempt('teardown', exports.teardown, copy);
    if (exports.handleSummary) await attempt('handleSummary', exports.handleSummary, {});
    return log.join('\n') + '\n';
  }

  return { require, globals, run, log };
})
