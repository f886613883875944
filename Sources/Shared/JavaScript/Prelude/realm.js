// Clients, their iterations and what they wait for.
(function (define, globals, host, realm) {
  'use strict';
  const clients = realm.clients;

  class Client {
    constructor(index, number) {
      // Place among the clients of this realm, by which the host knows it.
      this.index = index;
      // Global index in the execution, from 0.
      this.number = number;
      this.iteration = -1;
      // Requests, timers and questions that the iteration waits for.
      this.open = 0;
      this.requests = 0;
      this.returned = false;
      this.failed = false;
      this.isRunning = false;
      this.lastOp = 0;
      this.ops = new Map();
      // Groups that the iteration is in, as `::Login::Form`; `setup` and `teardown` are one, too.
      this.outerGroup = '';
      this.groups = '';
      this.tags = null;
      this.accepts = undefined;
      // Whom its last response came from.
      this.peer = null;
      this.instances = new Map();
      this.main = null;
      this.setIteration = null;
      this.exports = null;
      this.data = undefined;
      this.handlers = null;
      this.suite = null;
      this.tests = [];
    }
  }

  // What one client may wait for at once: a request takes about 40 KiB of memory, the rest less
  // than one.
  const requestsMax = 1000;
  const operationsMax = 10000;
  realm.Timer = class Timer {
    constructor(complete) { this.complete = complete; }
  };
  const isRequest = (operation) =>
    typeof operation === 'object' && !(operation instanceof realm.Timer);

  const tooMany = (count, what) => {
    throw new RangeError(
      `a user cannot wait for more than ${count} ${what} at once: this one is not made`);
  };

  // An operation of the current client that the host completes later: a `Timer`, what waits for a
  // response, or a function that takes the answer to a question. Only an iteration can wait
  // for one: a handler of events may be called between two.
  realm.begin = (client, operation) => {
    if (!client.isRunning) {
      throw new Error('requests, timers and questions are possible within an iteration only');
    }
    if (client.ops.size >= operationsMax) {
      tooMany(operationsMax, 'requests, timers and questions');
    }
    if (isRequest(operation)) {
      if (client.requests >= requestsMax) tooMany(requestsMax, 'requests');
      client.requests += 1;
    }
    const id = (client.lastOp = (client.lastOp + 1) & 0x3fffffff);
    client.open += 1;
    client.ops.set(id, operation);
    return id;
  };

  // Returns the operation; undefined when there is none.
  realm.cancel = (client, id) => {
    const operation = client.ops.get(id);
    if (operation === undefined) return undefined;
    client.ops.delete(id);
    client.open -= 1;
    if (isRequest(operation)) client.requests -= 1;
    return operation;
  };

  realm.cancelTimer = (client, id) => {
    if (realm.cancel(client, id) !== undefined) host.cancelTimer(client.index, id);
  };

  const finishWhenIdle = (client) => {
    if (client.returned && client.open === 0 && client.isRunning) {
      client.isRunning = false;
      host.done(client.index, client.failed);
    }
  };

  // An operation that needs no host has ended.
  realm.release = (client, id) => {
    realm.cancel(client, id);
    realm.settle(client);
  };

  // What this turn has set going may begin the next operation: whether the iteration is over is
  // asked once all of it has run.
  realm.settle = (client) => {
    if (client.returned && client.open === 0 && client.isRunning) host.settle(client.index);
  };
  realm.settled = (index) => {
    realm.enter(clients[index]);
    finishWhenIdle(clients[index]);
  };

  // The iteration is over with what the script threw: it waits for answers that are on their way,
  // but an interval would never end.
  const fail = (client, error) => {
    client.failed = true;
    client.returned = true;
    realm.report(client, error);
    for (const [id, operation] of client.ops) {
      if (operation instanceof realm.Timer) realm.cancelTimer(client, id);
    }
    realm.settle(client);
  };

  // A promise was rejected and nobody took care of it in the turn: the iteration goes on, and has
  // failed.
  realm.rejected = (promise, error) => {
    const client = realm.current;
    if (client === undefined) return;
    if (client.isRunning) client.failed = true;
    realm.report(client, error);
  };

  // Tells the host what a script threw.
  realm.report = (client, error) => {
    let name = '';
    let message;
    let stack = '';
    let line = 0;
    let column = 0;
    try {
      if (error !== null && typeof error === 'object' && 'message' in error) {
        name = String(error.name ?? '');
        message = String(error.message);
        stack = String(error.stack ?? '');
        // A place in this prelude is none in the script.
        if (!String(error.sourceURL ?? '').startsWith('throng:')) {
          line = Number(error.line) || 0;
          column = Number(error.column) || 0;
        }
      } else {
        message = typeof error === 'string' ? error : realm.inspect(error);
      }
    } catch {
      message = 'an exception that cannot be shown';
    }
    host.scriptError(client.index, name, message, stack, line, column);
  };

  realm.begun = (index, iteration) => {
    const client = clients[index];
    realm.enter(client, true);
    client.iteration = iteration;
    client.setIteration(iteration);
    client.returned = false;
    client.failed = false;
    client.isRunning = true;
    client.groups = client.outerGroup;
    client.open = 0;
    client.requests = 0;
    client.ops.clear();
    client.suite = null;
    client.tests = [];
    let result;
    try {
      result = client.main.call(undefined, client.data);
    } catch (error) {
      return fail(client, error);
    }
    if (result !== null && typeof result === 'object' && typeof result.then === 'function') {
      result.then((value) => {
        if (client.iteration !== iteration) return;
        client.result = value;
        client.returned = true;
        realm.settle(client);
      }, (error) => {
        if (client.iteration === iteration) fail(client, error);
      });
    } else {
      client.result = result;
      client.returned = true;
      realm.settle(client);
    }
  };

  // The host has completed an operation; `values` are its results.
  realm.completed = (index, id, ...values) => {
    const client = clients[index];
    realm.enter(client);
    const operation = realm.cancel(client, id);
    if (operation === undefined) return;
    try {
      if (typeof operation === 'function') operation(...values);
      else operation.complete();
    } catch (error) {
      fail(client, error);
      return;
    }
    realm.settle(client);
  };

  // A turn was ended by force: the iteration is lost, nothing of it may go on.
  realm.abandoned = (index) => {
    const client = clients[index];
    client.ops.clear();
    client.open = 0;
    client.requests = 0;
    client.isRunning = false;
    client.returned = true;
    client.iteration = -1;
  };

  // `setup`'s or `handleSummary`'s value as JSON, '' when there is none.
  realm.resultText = (index) => {
    const text = JSON.stringify(clients[index].result);
    return text === undefined ? '' : text;
  };

  realm.require = (name) => {
    const client = realm.current;
    let exports = client.instances.get(name);
    if (exports !== undefined) return exports;
    const factory = realm.modules.get(realm.moduleName(name));
    if (factory === undefined) throw new Error(`module '${name}' is not supported`);
    exports = factory(client);
    client.instances.set(name, exports);
    return exports;
  };

  const jslib = /^https:\/\/jslib\.k6\.io\/([\w-]+)\//;
  realm.moduleName = (name) => {
    const match = jslib.exec(name);
    return match === null ? name : `jslib/${match[1]}`;
  };

  // Makes a client and runs its module. `wrapper` is the script as a function of the globals.
  realm.load = (index, number, wrapper) => {
    const client = new Client(index, number);
    clients[index] = client;
    client.api = realm.api;
    realm.current = client;
    realm.isInit = true;
    const scope = Object.create(globals);
    const own = Object.create(realm.shown ?? globalThis);
    for (const name in globals) {
      Object.defineProperty(own, name, {
        value: globals[name], writable: true, configurable: true,
      });
    }
    scope.globalThis = scope.global = scope.self = own;
    scope.__VU = number + 1;
    const script = wrapper(...realm.names.map((name) => scope[name]));
    client.setIteration = script.iteration;
    const module = { exports: {} };
    script.load.call(module.exports, module, module.exports, realm.require);
    client.exports = module.exports;
    realm.isInit = false;
    return client.exports;
  };

  // `life` is 'setup' or 'teardown' when the function is called as that, once for the whole test.
  realm.initialise = (index, number, wrapper, exec, dataText, life) => {
    const exports = realm.load(index, number, wrapper);
    const client = clients[index];
    if (dataText !== '') client.data = JSON.parse(dataText);
    if (life) client.outerGroup = `::${life}`;
    client.main = realm.pick(exports, exec);
  };

  realm.pick = (exports, exec) => {
    if (exec === 'default' && typeof exports === 'function') return exports;
    const chosen = exports === null || exports === undefined ? undefined : exports[exec];
    if (typeof chosen === 'function') return chosen;
    throw new TypeError(
      exec === 'default'
        ? 'the script exports no function to run: module.exports = async () => { … }'
        : `the script exports no function '${exec}'`);
  };

  // Names that the script's wrapper takes, in order.
  realm.seal = () => {
    realm.names = [...Object.keys(globals), 'globalThis', 'global', 'self', '__VU'];
    return realm.names.join(',');
  };

  // How values look in the log.
  realm.inspect = (value, depth = 2) => {
    switch (typeof value) {
      case 'string': return value;
      case 'function': return `[Function ${value.name}]`;
      case 'bigint': return `${value}n`;
      case 'symbol': return value.toString();
      case 'object': break;
      default: return String(value);
    }
    if (value === null) return 'null';
    if (value instanceof Error) return value.stack ? `${value}\n${value.stack}` : String(value);
    if (depth < 0) return Array.isArray(value) ? '[…]' : '{…}';
    try {
      const text = JSON.stringify(value);
      if (text !== undefined) return text;
    } catch { /* circular: below, piece by piece */ }
    return `{${Object.keys(value).slice(0, 50)
      .map((key) => `${key}: ${realm.inspect(value[key], depth - 1)}`).join(', ')}}`;
  };
})
