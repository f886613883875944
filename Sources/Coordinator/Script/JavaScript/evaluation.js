// The world of a script that is only looked at: it can be loaded, and has nobody to talk to.
(function () {
  'use strict';
  let files = {};
  let bytesOf = null;
  let numbers = 0;
  const lines = [];
  const nothing = () => undefined;
  // Before a script can change them.
  const { parse, stringify } = JSON;
  // Kinds of the metrics that the script has made, by their names.
  const metrics = {};
  const host = {
    now: () => Date.now(),
    randomBytes: (array) => {
      for (let index = 0; index < array.length; index += 1) array[index] = Math.random() * 256;
    },
    checkName: () => (numbers += 1), metricName: () => (numbers += 1),
    check: nothing, metric: nothing, suite: nothing, file: nothing, done: nothing,
    settle: nothing, listen: nothing, abort: nothing, scriptError: nothing, setCookie: nothing,
    removeCookies: nothing, makeJar: () => ({}), compress: (body) => body,
    timer: nothing, cookies: () => [], peer: () => [], counts: () => [0, 0], progress: () => 0,
    log: (slot, level, text) => { if (lines.length < 1000) lines.push(text); },
    know: () => -1, send: nothing, request: nothing,
    ask: nothing,
    madeMetric: (kind, name) => { metrics[name] = kind; },
    open: (name, isBinary) => {
      if (!Object.hasOwn(files, name)) return undefined;
      const bytes = bytesOf(files[name]);
      return isBinary ? bytes.buffer : bytesOf.decode(bytes);
    },
  };
  const evaluation = { host, lines };

  evaluation.give = (given, globals) => {
    files = given;
    bytesOf = (text) => Uint8Array.from(globals.atob(text), (letter) => letter.charCodeAt(0));
    bytesOf.decode = (bytes) => new globals.TextDecoder().decode(bytes);
  };

  // What the coordinator wants to know of a loaded script.
  evaluation.describe = (exports) => {
    const isObject = exports !== null
      && (typeof exports === 'object' || typeof exports === 'function');
    const names = isObject ? Object.keys(exports) : [];
    if (typeof exports === 'function' && !names.includes('default')) names.push('default');
    return JSON.stringify({
      exports: names.filter((name) => name === 'default' || typeof exports[name] === 'function'),
      options: (isObject && exports.options) || {},
      metrics,
    });
  };

  // What `handleSummary` returned as texts by name, as far as it is not more than `lengthMax`
  // characters. Strings that were put together take no memory yet: their length is looked at first.
  const ownSummary = (value, lengthMax) => {
    const texts = {};
    let length = 0;
    const take = (count) => {
      length += count;
      if (length > lengthMax) {
        throw new RangeError(`returns more than ${lengthMax / 1048576} MiB, which is the most`);
      }
    };
    const measured = (key, part) => {
      take(key.length + (typeof part === 'string' ? part.length : 4));
      return part;
    };
    for (const name of Object.keys(value ?? {})) {
      const content = value[name];
      take(name.length);
      if (content instanceof ArrayBuffer) {
        take(content.byteLength);
        texts[name] = bytesOf.decode(new Uint8Array(content));
      } else if (typeof content === 'string') {
        take(content.length);
        texts[name] = content;
      } else texts[name] = stringify(content, measured);
    }
    return stringify({ texts });
  };

  // Calls `handleSummary` and gives what it returns as texts by name.
  evaluation.summarise = (exports, dataText, lengthMax) => {
    const settle = (value) => { evaluation.outcome = ownSummary(value, lengthMax); };
    const fail = (error) => {
      evaluation.outcome = stringify({ error: `${error}`.slice(0, 4096) });
    };
    try {
      const value = exports.handleSummary(parse(dataText));
      if (value !== null && typeof value === 'object' && typeof value.then === 'function') {
        value.then(settle).then(undefined, fail);
      } else settle(value);
    } catch (error) {
      fail(error);
    }
  };
  return evaluation;
})()
