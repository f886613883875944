// The part of jslib k6chaijs that belongs to one client: `describe`, `expect` and the settings.
(function (define, globals, host, realm) {
  'use strict';

  const isPromise = (value) => typeof value?.then === 'function';

  define('jslib/k6chaijs', (client) => {
    const { Assertion, AssertionError, inspect } = realm.chai;
    const config = {
      aggregateChecks: true, logFailures: false, exitOnError: false,
      truncateVarThreshold: 100, truncateMsgThreshold: 300,
    };

    const shorten = (text, limit) => {
      const line = text.replace(/\s*\n\s*/g, ' ');
      return limit > 0 && line.length > limit ? `${line.slice(0, limit)}...` : line;
    };
    const show = (value) => shorten(inspect(value), config.truncateVarThreshold);

    /** Counts the check, and throws when it is not met. */
    function report(assertion, isMet, wording, got) {
      const subject = assertion._name ?? show(assertion._value);
      const name = shorten(`expected ${subject} to ${wording}`, config.truncateMsgThreshold);
      const message = got === undefined ? name : `${name}, got ${show(got)}`;
      const checked = config.aggregateChecks || isMet ? name : message;
      client.api.check(assertion._value, { [checked]: () => isMet });
      if (!isMet) throw new AssertionError(message, got);
    }

    const expect = (value, name = undefined) => new Assertion(value, name, {}, report);
    expect.fail = (message = 'expect.fail()') => {
      client.api.check(null, { [message]: () => false });
      throw new AssertionError(message);
    };

    function failed(name, error) {
      if (config.exitOnError) throw error;
      if (error?.name !== 'AssertionError') {
        client.api.check(null, { [`Exception raised "${error}"`]: () => false });
      }
      if (config.logFailures || error?.name !== 'AssertionError') {
        client.api.log?.warn(`Test case: "${name}" failed: ${error?.stack ?? error}`);
      }
      return false;
    }

    /** Whether all went well: at once, or as a promise when `body` answers one. */
    function describe(name, body) {
      const run = () => {
        try {
          const answer = body();
          if (!isPromise(answer)) return true;
          return answer.then(() => true, (error) => failed(name, error));
        } catch (error) {
          return failed(name, error);
        }
      };
      const { group } = client.api;
      if (typeof group !== 'function') return run();
      let outcome;
      const grouped = group(name, () => (outcome = run()));
      if (typeof outcome === 'boolean' || !isPromise(grouped)) return outcome;
      return grouped.then(() => outcome);
    }

    const exported = { describe, expect, config, AssertionError, Assertion, use() {} };
    return { ...exported, chai: exported, default: exported };
  });
})
