// Suites of tests: `describe`, `it` and the hooks around them.
(function (define, globals, host, realm) {
  'use strict';
  // The suite whose body is being read, per client; suites nest.
  const reading = (client) => client.suite;

  const needsSuite = (what) => {
    const suite = reading(realm.current);
    if (!suite) throw new Error(`${what} belongs into describe`);
    return suite;
  };

  const noteOf = (error) => {
    const isError = error !== null && typeof error === 'object' && 'message' in error;
    return isError ? [String(error.message), String(error.stack ?? '')] : [String(error), ''];
  };

  // The test in which a client is. While several suites run at once, nobody can tell.
  realm.testOf = (client) => (client.tests.length === 1 ? client.tests[0] : undefined);

  const runTest = async (client, suite, test) => {
    const start = host.now();
    let message;
    let stack;
    const running = { suite: suite.title, name: test.name };
    client.tests = [...client.tests, running];
    try {
      for (const hook of suite.hooks('beforeEach')) await hook();
      await test.body();
    } catch (error) {
      [message, stack] = noteOf(error);
    }
    try {
      for (const hook of suite.hooks('afterEach').reverse()) await hook();
    } catch (error) {
      if (message === undefined) [message, stack] = noteOf(error);
    }
    client.tests = client.tests.filter((other) => other !== running);
    host.suite(client.index, suite.title, test.name, message === undefined, message ?? '',
      stack ?? '', host.now() - start);
  };

  class Suite {
    constructor(name, parent) {
      this.title = parent ? `${parent.title} ${name}` : name;
      this.parent = parent;
      this.entries = [];
      this.own = { before: [], after: [], beforeEach: [], afterEach: [] };
    }

    hooks(kind) {
      return this.parent ? [...this.parent.hooks(kind), ...this.own[kind]] : [...this.own[kind]];
    }

    async run(client) {
      try {
        for (const hook of this.own.before) await hook();
      } catch (error) {
        const [message, stack] = noteOf(error);
        host.suite(client.index, this.title, '"before" hook', false, message, stack, 0);
        return;
      }
      for (const entry of this.entries) {
        if (entry instanceof Suite) await entry.run(client);
        else await runTest(client, this, entry);
      }
      try {
        for (const hook of this.own.after) await hook();
      } catch (error) {
        const [message, stack] = noteOf(error);
        host.suite(client.index, this.title, '"after" hook', false, message, stack, 0);
      }
    }
  }

  // Reads the body, then runs its tests in order. The iteration does not end before they have,
  // whether or not the script waits for the promise.
  globals.describe = (name, body) => {
    if (typeof body !== 'function') throw new TypeError('describe takes a name and a function');
    if (realm.isInit) throw new Error('describe belongs into the exported function');
    const client = realm.current;
    const outer = client.suite ?? null;
    const suite = new Suite(String(name), outer);
    const read = () => {
      client.suite = suite;
      let reading;
      try {
        reading = body();
      } finally {
        client.suite = outer;
      }
      return reading;
    };
    if (outer) {
      outer.entries.push(suite);
      return read();
    }
    const id = realm.begin(client, () => {});
    const whole = async () => {
      try {
        await read();
        await suite.run(client);
      } finally {
        realm.release(client, id);
      }
    };
    return whole();
  };

  globals.it = (name, body) => {
    const suite = needsSuite('it');
    if (typeof body !== 'function') throw new TypeError('it takes a name and a function');
    suite.entries.push({ name: String(name), body });
  };
  for (const kind of ['before', 'after', 'beforeEach', 'afterEach']) {
    globals[kind] = (body) => { needsSuite(kind).own[kind].push(body); };
  }
})
