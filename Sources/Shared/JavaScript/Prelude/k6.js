// The modules `k6`, `k6/metrics`, `k6/data` and `k6/execution`, and what they share with
// Throng's own names.
(function (define, globals, host, realm) {
  'use strict';

  const checkNames = new Map();
  const count = (client, name, passed) => {
    // In groups a check is known by its path: `::Login::status is 200`.
    const path = client.groups === '' ? name : `${client.groups}::${name}`;
    let number = checkNames.get(path);
    if (number === undefined) {
      number = host.checkName(path);
      checkNames.set(path, number);
    }
    host.check(client.index, number, passed);
    return passed;
  };

  const isThenable = (value) => value !== null && typeof value === 'object'
    && typeof value.then === 'function';

  const take = (client, name, outcome, tags) => {
    const passed = count(client, name, Boolean(outcome));
    realm.observeMetric?.('Histogram', 'checks', '', String(passed), { check: name, ...tags });
    return passed;
  };
  const ask = (client, name, test, value, tags) => {
    try {
      return typeof test === 'function' ? test(value) : test;
    } catch (error) {
      take(client, name, false, tags);
      throw error;
    }
  };
  const wait = async (client, name, outcome, tags) => {
    let settled;
    try {
      settled = await outcome;
    } catch (error) {
      take(client, name, false, tags);
      throw error;
    }
    return take(client, name, settled, tags);
  };

  // The rest of a check, from the first name, whose predicate gave a promise.
  const goOn = async (client, value, tests, tags, names, promise, soFar) => {
    let all = soFar;
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index];
      const outcome = index === 0 ? promise : ask(client, name, tests[name], value, tags);
      if (!await wait(client, name, outcome, tags)) all = false;
    }
    return all;
  };

  // Every predicate is asked, one after the other, also after one failed; one that throws has
  // failed, and its error is the caller's. A promise comes back only if one gave one.
  const check = (value, tests, tags) => {
    if (tests === null || typeof tests !== 'object') {
      throw new TypeError('check takes a value and an object of named predicates');
    }
    if (realm.isInit) throw new Error('check belongs into the exported function');
    const client = realm.current;
    const names = Object.keys(tests);
    let all = true;
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index];
      const outcome = ask(client, name, tests[name], value, tags);
      if (isThenable(outcome)) {
        return goOn(client, value, tests, tags, names.slice(index), outcome, all);
      }
      if (!take(client, name, outcome, tags)) all = false;
    }
    return all;
  };

  let groupMetric;
  const group = (name, body) => {
    if (typeof body !== 'function') throw new TypeError('group takes a name and a function');
    const client = realm.current;
    const outer = client.groups;
    const start = host.now();
    client.groups = `${outer}::${name}`;
    const leave = () => {
      client.groups = outer;
      groupMetric ??= realm.metric('Timing', 'User', 'group_duration', 'ms', '');
      host.metric(client.index, groupMetric, host.now() - start);
      realm.observeMetric?.('Timing', 'group_duration', 'ms', host.now() - start,
        { group: `${outer}::${name}` });
    };
    let result;
    try {
      result = body();
    } catch (error) {
      leave();
      throw error;
    }
    if (!isThenable(result)) {
      leave();
      return result;
    }
    return result.then((value) => {
      leave();
      return value;
    }, (error) => {
      leave();
      throw error;
    });
  };

  const fail = (message) => { throw new Error(message === undefined ? 'fail' : String(message)); };

  globals.check = check;
  globals.group = group;
  globals.fail = fail;
  define('k6', () => Object.freeze({
    check, group, fail, sleep: globals.sleep,
    randomSeed() {
      throw new Error('randomSeed is not supported: clients draw from one generator');
    },
  }));

  // Metrics are told to the host once per realm and then known by number.
  const metricNumbers = new Map();
  realm.metric = (type, namespace, name, units, resource) => {
    const key = `${type}\n${namespace}\n${name}\n${units}\n${resource}`;
    let number = metricNumbers.get(key);
    if (number === undefined) {
      realm.checkMetricName(namespace, name);
      number = host.metricName(type, namespace, name, units, resource);
      metricNumbers.set(key, number);
    }
    return number;
  };

  realm.checkMetricName = (namespace, name) => {
    for (const [what, text] of [['name', name], ['namespace', namespace]]) {
      if (typeof text !== 'string' || text.length < 1 || text.length > 255) {
        throw new TypeError(`a metric's ${what} must have 1 to 255 characters`);
      }
      if (text.includes('-')) throw new TypeError(`metric ${what} '${text}': no '-' is allowed`);
      if (text.includes('__')) throw new TypeError(`metric ${what} '${text}': no '__' is allowed`);
    }
    if (namespace === 'Testable') {
      throw new TypeError(`metric '${name}': the namespace Testable is reserved`);
    }
  };

  // As in k6's registry.
  const goodName = /^[a-zA-Z_][a-zA-Z0-9_]{1,128}$/;

  class Metric {
    constructor(name, isTime) {
      if (!realm.isInit) throw new Error('metrics are made in the init context only');
      if (typeof name !== 'string' || !goodName.test(name)) {
        throw new TypeError(`invalid metric name '${name}': it has 2 to 129 ASCII letters, `
          + 'digits and underscores, and does not begin with a digit');
      }
      realm.checkMetricName('User', name);
      this.name = name;
      this.units = isTime ? 'ms' : '';
      // Only those ask who look at a script before it runs.
      host.madeMetric?.(this.kind, name);
    }

    // What is no number is told of, and thrown only where the options ask for it.
    recordNumber(type, value, tags) {
      const number = value === null || value === '' ? NaN : Number(value);
      if (Number.isFinite(number)) {
        this.record(type, number, tags);
        return true;
      }
      const problem = `'${realm.inspect(value)}' is an invalid value for metric '${this.name}': `
        + 'a number or a boolean is expected';
      if (realm.throws) throw new TypeError(problem);
      globals.log.warn(problem);
      return false;
    }

    record(type, value, tags) {
      const index = realm.current.index;
      if (realm.isInit) throw new Error('metrics take values in iterations only');
      host.metric(index, realm.metric(type, 'User', this.name, this.units, ''), value);
      realm.observeMetric?.(type, this.name, this.units, value, tags);
    }
  }
  class Counter extends Metric {
    get kind() { return 'counter'; }
    add(value, tags) { return this.recordNumber('Counter', value, tags); }
  }
  class Gauge extends Metric {
    get kind() { return 'gauge'; }
    add(value, tags) { return this.recordNumber('Metered', value, tags); }
  }
  class Trend extends Metric {
    get kind() { return 'trend'; }
    add(value, tags) { return this.recordNumber('Timing', value, tags); }
  }
  class Rate extends Metric {
    get kind() { return 'rate'; }
    add(value, tags) { this.record('Histogram', value ? 'true' : 'false', tags); return true; }
  }
  define('k6/metrics', () => Object.freeze({ Counter, Gauge, Trend, Rate }));

  // One copy per realm, which nobody can change.
  const freeze = (value) => {
    if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return value;
    Object.freeze(value);
    for (const key of Object.keys(value)) freeze(value[key]);
    return value;
  };
  const shared = new Map();
  function SharedArray(name, make) {
    if (new.target === undefined) throw new TypeError('SharedArray is made with new');
    if (typeof make !== 'function') throw new TypeError('SharedArray takes a name and a function');
    if (!realm.isInit) throw new Error('SharedArray is made in the init context only');
    let array = shared.get(name);
    if (array === undefined) {
      array = make();
      if (!Array.isArray(array)) {
        throw new TypeError(`SharedArray '${name}': its function must return an array`);
      }
      array = freeze(JSON.parse(JSON.stringify(array)));
      shared.set(name, array);
    }
    return array;
  }
  define('k6/data', () => Object.freeze({ SharedArray }));

  const execution = {
    vu: {
      get idInInstance() { return realm.current.number + 1; },
      get idInTest() { return realm.current.number + 1; },
      get iterationInInstance() { return realm.current.iteration; },
      get iterationInScenario() { return realm.current.iteration; },
      tags: {}, metrics: { tags: {}, metadata: {} },
    },
    scenario: {
      get name() { return realm.run.scenario; },
      get executor() { return realm.run.executor; },
      get startTime() { return realm.run.startMs; },
      get progress() { return host.progress(); },
      get iterationInInstance() {
        return realm.current.iteration * realm.run.clients + realm.current.number;
      },
      get iterationInTest() {
        return realm.current.iteration * realm.run.clients + realm.current.number;
      },
    },
    instance: {
      get iterationsCompleted() { return host.counts()[0]; },
      get iterationsInterrupted() { return 0; },
      get vusActive() { return host.counts()[1]; },
      get vusInitialized() { return realm.run.clients; },
      get currentTestRunDuration() { return host.now() - realm.run.startClockMs; },
    },
    test: {
      abort(message) {
        host.abort(realm.current.index, message === undefined ? '' : String(message));
        throw new Error(`test aborted${message === undefined ? '' : `: ${message}`}`);
      },
      get options() { return realm.run.options; },
    },
  };
  define('k6/execution', () => execution);
})
