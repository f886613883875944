// Throng's own names: results, logs, suites, events, data tables, files, who one is.
(function (define, globals, host, realm) {
  'use strict';

  // MARK: logs

  const say = (level) => (...values) => {
    const text = values.map((value) => realm.inspect(value)).join(' ');
    // The host cuts it to a quarter of that.
    host.log(realm.current.index, level, text.slice(0, 16384));
  };
  const log = Object.freeze({
    trace: say('Trace'), debug: say('Debug'), info: say('Info'), warn: say('Warning'),
    error: say('Error'), fatal: say('Fatal'),
  });
  globals.log = log;
  const timers = new Map();
  globals.console = Object.freeze({
    log: log.info, info: log.info, debug: log.debug, warn: log.warn, error: log.error,
    trace: log.trace, dir: log.info, table: log.info, group: log.info, groupEnd() {},
    assert(condition, ...values) { if (!condition) log.error('Assertion failed:', ...values); },
    time(name = 'default') { timers.set(`${realm.current.index} ${name}`, host.now()); },
    timeEnd(name = 'default') {
      const start = timers.get(`${realm.current.index} ${name}`);
      timers.delete(`${realm.current.index} ${name}`);
      if (start !== undefined) log.info(`${name}: ${(host.now() - start).toFixed(3)} ms`);
    },
  });

  // MARK: results

  const types = {
    counter: 'Counter', timing: 'Timing', histogram: 'Histogram', metered: 'Metered',
  };
  const record = (type, resource, first, value, units) => {
    const options = first !== null && typeof first === 'object' ? first
      : { name: first, val: value, units };
    const given = options.val ?? options.value ?? options.key ?? 1;
    const number = realm.metric(types[type], options.namespace ?? 'User', options.name,
      String(options.units ?? (type === 'timing' ? 'ms' : '')), resource);
    if (realm.isInit) throw new Error('metrics take values in iterations only');
    if (type === 'histogram') {
      host.metric(realm.current.index, number, String(given));
      return;
    }
    if (!Number.isFinite(Number(given))) {
      throw new TypeError(`metric '${options.name}': ${realm.inspect(given)} is no number`);
    }
    host.metric(realm.current.index, number, Number(given));
  };

  const recorder = (resource) => {
    const metrics = {};
    for (const type of Object.keys(types)) {
      metrics[type] = (first, value, units) => record(type, resource, first, value, units);
    }
    return metrics;
  };
  const results = (resource) => recorder(
    resource !== null && typeof resource === 'object' ? String(resource.resource ?? '')
      : String(resource ?? ''));
  Object.assign(results, recorder(''));

  // A question to the coordinator; its answer is a promise.
  const ask = (kind, details) => new Promise((resolve, reject) => {
    const client = realm.current;
    if (realm.isInit) throw new Error(`${kind} is not possible while the script is loaded`);
    host.ask(client.index, realm.begin(client, (error, text) => {
      if (error) reject(new Error(error));
      else resolve(text === '' ? undefined : JSON.parse(text));
    }), kind, JSON.stringify(details));
  });
  realm.ask = ask;

  // The value over all agents, as of about a second ago: the number of a Counter, an object of
  // statistics (count, mean, p95, …) of a Timing or a Metered, one of counts by key of a Histogram;
  // undefined while there is none.
  results.get = (first, namespace) => {
    const options = first !== null && typeof first === 'object' ? first
      : { name: first, namespace };
    return ask('metric', {
      namespace: options.namespace ?? 'User', name: String(options.name),
      resource: options.resource ?? null,
    });
  };
  // Goes on once every client of the execution that has not ended has come here. Who comes again
  // meets the others a second time.
  results.barrier = (name = 'default') => ask('barrier', { name: String(name) });

  // What a wait compares: a Counter's number; else `statistic`, which is the name of a statistic
  // or a key, and without it the number of values.
  const measured = (found, statistic) => {
    if (found === undefined || typeof found === 'number') return found;
    if (statistic !== undefined) return found[statistic];
    if (typeof found.p50 === 'number' && typeof found.sd === 'number') return found.count;
    return Object.values(found).reduce((sum, count) => sum + count, 0);
  };
  results.waitForValue = async (options) => {
    const wanted = Number(options.value ?? options.val);
    if (Number.isNaN(wanted)) throw new TypeError('waitForValue takes a name and a value');
    const pause = options.intervalMs ?? 200;
    const give = options.timeout === undefined ? Infinity
      : host.now() + realm.milliseconds(options.timeout, 'timeout');
    for (;;) {
      const value = measured(await results.get(options), options.statistic);
      if (value >= wanted) return value;
      const left = give - host.now();
      if (left <= 0) {
        throw new Error(`waitForValue: ${options.name} is ${value ?? 'unset'} when time is up`);
      }
      await globals.sleep(Math.min(pause, left) / 1000);
    }
  };
  globals.results = results;

  globals.stopwatch = (body, name, resource) => {
    const start = host.now();
    const stop = () => {
      const took = host.now() - start;
      if (name) record('timing', String(resource ?? ''), name, took, 'ms');
      return took;
    };
    if (typeof body !== 'function') return { stop, elapsed: () => host.now() - start };
    return Promise.resolve(body()).then((value) => {
      stop();
      return value;
    });
  };

  // MARK: events, tables, files

  // A client has one handler for each name. It is called in an iteration as well as between two;
  // requests and waits are possible in the former only, and the iteration then ends after them.
  // What a handler throws is logged, and fails no iteration.
  globals.events = Object.freeze({
    on(name, handler) {
      const client = realm.current;
      if (typeof handler !== 'function') {
        throw new TypeError('events.on takes a name and a function');
      }
      client.handlers ??= new Map();
      client.handlers.set(String(name), handler);
      host.listen(client.index);
    },
    off(name) { realm.current.handlers?.delete(String(name)); },
  });
  realm.happened = (index, name, contentsText) => {
    const client = realm.clients[index];
    realm.enter(client);
    const handler = client.handlers?.get(name);
    if (handler === undefined) return;
    const contents = contentsText === '' ? undefined : JSON.parse(contentsText);
    try {
      const outcome = handler(contents, { name });
      if (outcome !== null && typeof outcome === 'object' && typeof outcome.then === 'function') {
        outcome.then(undefined, (error) => realm.report(client, error));
      }
    } catch (error) {
      realm.report(client, error);
    }
    realm.settle(client);
  };

  // Rows are objects by the names of the columns, their values texts. `next` gives rows that no
  // other client gets; at the end of the table it begins anew, or with `{ atEnd: 'stop' }` gives
  // null.
  const table = (name) => ({
    name,
    get: (index) => ask('row', { table: name, index: Number(index) }),
    random: () => ask('randomRow', { table: name }),
    next: (options) => ask('nextRow', { table: name, atEnd: options?.atEnd ?? 'recycle' }),
    info: () => ask('table', { table: name }),
  });
  globals.dataTable = Object.freeze({ open: (name) => table(String(name)) });

  globals.output = Object.freeze({
    file(name, data, contentType, options) {
      const text = String(name);
      if (text.length < 1 || text.length > 255 || /[/\\\u0000-\u001f]/.test(text)
        || text === '.' || text === '..') {
        throw new TypeError(`output.file: '${text}' is no file name`);
      }
      const compare = options?.compare ?? false;
      if (typeof compare !== 'boolean' && typeof compare !== 'string') {
        throw new TypeError('output.file: compare must be true, false or the name of an image');
      }
      const isBytes = data instanceof ArrayBuffer || ArrayBuffer.isView(data);
      const body = isBytes || typeof data === 'string' ? data : JSON.stringify(data);
      const test = realm.testOf(realm.current);
      host.file(realm.current.index, text, body ?? '', contentType === undefined
        ? (isBytes ? 'application/octet-stream' : 'text/plain') : String(contentType),
      compare === true ? text : compare === false ? undefined : compare, test?.suite, test?.name);
    },
  });

  // MARK: who one is

  globals.vu = Object.freeze({
    get id() { return realm.current.number + 1; },
    get index() { return realm.current.number; },
    get regionalIndex() { return realm.current.number - realm.run.regionalOffset; },
    get iteration() { return realm.current.iteration; },
    get region() { return realm.run.region; },
    get agent() { return realm.run.agent; },
    get execution() { return realm.run.execution; },
    get chunk() { return realm.run.chunk; },
  });

  realm.open = (name, mode) => {
    if (!realm.isInit) throw new Error('open is possible in the init context only');
    const found = host.open(String(name), mode === 'b');
    if (found === undefined) {
      throw new Error(`open: there is no file '${name}'; upload it with the script`);
    }
    return found;
  };
  globals.open = realm.open;

  // What is known once the run is: `text` is JSON of the host.
  realm.configure = (text) => {
    const freeze = (value) => {
      if (value !== null && typeof value === 'object') Object.values(value).forEach(freeze);
      return Object.freeze(value);
    };
    realm.run = freeze(JSON.parse(text));
    globals.params = realm.run.params;
    const env = { ...realm.run.environment, ...realm.run.env };
    for (const name of Object.keys(realm.run.params)) {
      const value = realm.run.params[name];
      env[name] = typeof value === 'string' ? value : JSON.stringify(value);
    }
    globals.env = globals.__ENV = Object.freeze(env);
    realm.discardsBodies = realm.run.options?.discardResponseBodies === true;
    realm.throws = realm.run.options?.throw === true;
    if (realm.run.submetrics?.length > 0) realm.observeParts(realm.run.submetrics);
  };

  const everything = () => Object.freeze({ ...globals, info: globals.vu });
  define('throng', everything);
  define('testable-utils', everything);
  realm.api = globals;
})
