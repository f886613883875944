// Waiting: `sleep`, `setTimeout` and its kin.
(function (define, globals, host, realm) {
  'use strict';

  const delayOf = (milliseconds) => {
    const delay = Number(milliseconds);
    return delay > 0 ? Math.min(delay, 86400000 * 24) : 0;
  };

  const needsIteration = (what) => {
    if (realm.isInit) throw new Error(`${what} is not possible while the script is loaded`);
  };

  globals.sleep = (seconds) => {
    needsIteration('sleep');
    const client = realm.current;
    return new Promise((resolve) => {
      host.timer(client.index, realm.begin(client, new realm.Timer(resolve)),
        delayOf(Number(seconds) * 1000));
    });
  };

  const start = (callback, delay, args, repeats) => {
    needsIteration('a timer');
    if (typeof callback !== 'function') throw new TypeError('a timer needs a function');
    const client = realm.current;
    const timer = { id: 0 };
    const arm = () => {
      timer.id = realm.begin(client, new realm.Timer(() => {
        if (repeats) arm();
        callback(...args);
      }));
      host.timer(client.index, timer.id, delay);
    };
    arm();
    return timer;
  };

  const stop = (timer) => {
    if (timer === undefined || timer === null || typeof timer.id !== 'number') return;
    realm.cancelTimer(realm.current, timer.id);
  };

  globals.setTimeout = (callback, delay, ...args) => start(callback, delayOf(delay), args, false);
  globals.setInterval = (callback, delay, ...args) =>
    start(callback, Math.max(1, delayOf(delay)), args, true);
  globals.clearTimeout = stop;
  globals.clearInterval = stop;
  define('k6/timers', () => Object.freeze({
    setTimeout: globals.setTimeout, setInterval: globals.setInterval,
    clearTimeout: stop, clearInterval: stop,
  }));
})
