(function (assert, api) {
  'use strict';
  const { atob, btoa, structuredClone, crypto, performance, DOMException } = api.globals;
  const nameOf = (body) => {
    try {
      body();
    } catch (error) {
      return error instanceof DOMException ? error.name : `${error}`;
    }
    return 'nothing';
  };

  assert.equal(btoa('Hello, world'), 'SGVsbG8sIHdvcmxk', 'btoa');
  assert.equal([btoa(''), btoa('a'), btoa('ab'), btoa('\xff\xfe\xfd')].join(),
    ',YQ==,YWI=,//79', 'padding');
  assert.equal(nameOf(() => btoa('€')), 'InvalidCharacterError', 'btoa beyond Latin-1');
  assert.equal([atob('YQ=='), atob('YQ'), atob(' YW I= ')].join(), 'a,a,ab', 'atob');
  for (const bad of ['Y', 'YQ=', 'YQ===', 'Y=Q=', 'Y-_=', '====']) {
    assert.equal(nameOf(() => atob(bad)), 'InvalidCharacterError', `atob ${bad}`);
  }
  assert.equal(new DOMException('m', 'InvalidCharacterError').code, 5, 'code');

  const source = {
    date: new Date(5), pattern: /a+/gi, map: new Map([['k', { v: 1 }]]), set: new Set([1, 'x']),
    bytes: Uint8Array.of(1, 2, 3), list: [1, , 3], nested: { deep: [null, undefined, 1n] },
  };
  source.self = source;
  const copy = structuredClone(source);
  assert(copy !== source && copy.self === copy, 'cycles');
  assert.equal(copy.date.getTime(), 5, 'date');
  assert.equal(`${copy.pattern}`, '/a+/gi', 'pattern');
  assert(copy.map.get('k').v === 1 && copy.map.get('k') !== source.map.get('k'), 'map');
  assert(copy.set.has('x') && copy.set.size === 2, 'set');
  source.bytes[0] = 9;
  assert.equal(copy.bytes.join(), '1,2,3', 'bytes are copied');
  assert(copy.list.length === 3 && !(1 in copy.list), 'holes');
  assert(copy.nested.deep[2] === 1n, 'big integer');
  const error = structuredClone(new RangeError('far'));
  assert(error instanceof RangeError && error.message === 'far', 'error');
  assert.equal(nameOf(() => structuredClone({ f() {} })), 'DataCloneError', 'functions');
  assert.equal(nameOf(() => structuredClone(Symbol('s'))), 'DataCloneError', 'symbols');
  const buffer = new ArrayBuffer(8);
  assert.equal(structuredClone(buffer, { transfer: [buffer] }).byteLength, 8, 'transfer');
  assert.equal(buffer.byteLength, 0, 'a transferred buffer is gone');

  const identifiers = Array.from({ length: 600 }, () => crypto.randomUUID());
  const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  assert(identifiers.every((identifier) => shape.test(identifier)), 'shape of version 4');
  assert.equal(new Set(identifiers).size, 600, 'no identifier comes twice');
  const words = new Uint32Array(64);
  assert(crypto.getRandomValues(words) === words, 'the array comes back');
  assert(words.filter((word) => word === 0).length < 8, 'the array is filled');
  const part = new Uint8Array(16);
  crypto.getRandomValues(part.subarray(8));
  assert(part.subarray(0, 8).every((byte) => byte === 0), 'only the view is filled');
  const floats = nameOf(() => crypto.getRandomValues(new Float32Array(1)));
  assert(floats.startsWith('TypeError'), 'floats');
  assert.equal(nameOf(() => crypto.getRandomValues(new Uint8Array(65537))), 'QuotaExceededError',
    'too many bytes');

  const before = performance.now();
  assert(before >= 0 && performance.now() >= before, 'time goes on');
  assert(Math.abs(performance.timeOrigin + before - Date.now()) < 60000, 'origin');
})
