// What scripts can import. Others may hand `compile` a table of the same form.
(function (parts) {
  'use strict';

  parts.knownModules = {
    // A list names all exports, so that a wrong name is told at upload; null leaves it to the run.
    names: {
      k6: ['check', 'fail', 'group', 'randomSeed', 'sleep'],
      'k6/http': null,
      'k6/metrics': ['Counter', 'Gauge', 'Rate', 'Trend'],
      'k6/data': ['SharedArray'],
      'k6/execution': null,
      'k6/encoding': ['b64encode', 'b64decode'],
      'k6/crypto': null,
      'k6/html': null,
      'k6/timers': null,
      throng: null,
      'testable-utils': null,
    },
    // `https://jslib.k6.io/url/1.0.0/index.js` is required as `jslib/url`.
    library: {
      prefix: 'https://jslib.k6.io/',
      names: ['k6-utils', 'k6-summary', 'url', 'formdata', 'k6chaijs', 'httpx', 'papaparse'],
    },
  };

  /** What a specifier means, `{ name, exports }`, or why it means nothing, `{ refusal }`. */
  parts.resolveModule = function (specifier, table) {
    if (Object.hasOwn(table.names, specifier)) {
      return { name: specifier, exports: table.names[specifier] };
    }
    const { prefix, names } = table.library;
    if (specifier.startsWith(prefix)) {
      const name = specifier.slice(prefix.length).split('/')[0];
      if (names.includes(name)) return { name: 'jslib/' + name, exports: null };
      return { refusal: `this library is not supported; supported are ${names.join(', ')}` };
    }
    if (specifier.startsWith('./') || specifier.startsWith('../') || specifier.startsWith('/') ||
        specifier.startsWith('file:')) {
      return { refusal: 'a script is a single file, and cannot import another one' };
    }
    if (specifier.startsWith('http://') || specifier.startsWith('https://')) {
      return { refusal: `scripts load no code from the network, except from ${prefix}` };
    }
    if (specifier.startsWith('k6/x/')) {
      return { refusal: 'extensions of k6 are not supported' };
    }
    return { refusal: 'this module is not supported' };
  };

  /** Whether a script that loads this module is written for synchronous calls. */
  parts.isSynchronousStyle = (name) =>
    name === 'k6' || name.startsWith('k6/') || name.startsWith('jslib/');
})
