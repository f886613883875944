(function (assert, api) {
  'use strict';
  const crypto = api.require('k6/crypto');
  const text = (character, count) => character.repeat(count);

  // Digests of '', 'abc' and of one million times 'a', from the publications of the algorithms.
  const empty = {
    md5: 'd41d8cd98f00b204e9800998ecf8427e',
    sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
    sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    ripemd160: '9c1185a5c5e9fc54612808977ee8f548b2258d31',
  };
  const abc = {
    md5: '900150983cd24fb0d6963f7d28e17f72',
    sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    sha384:
      'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed' +
      '8086072ba1e7cc2358baeca134c825a7',
    sha512:
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
      '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    sha512_224: '4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa',
    sha512_256: '53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23',
    ripemd160: '8eb208f7e05d987a9b044a8e98c6b087f15a0bfc',
  };
  const million = {
    md5: '7707d6ae4e027c70eea2a935c2296f21',
    sha1: '34aa973cd4c4daa4f61eeb2bdbad27316534016f',
    sha256: 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
    ripemd160: '52783243c1697bdbe16d37f97f68f08325dc1528',
  };
  for (const [name, digest] of Object.entries(empty)) assert.equal(crypto[name](''), digest, name);
  for (const [name, digest] of Object.entries(abc)) {
    assert.equal(crypto[name]('abc'), digest, name);
    assert.equal(crypto[name](Uint8Array.of(97, 98, 99).buffer), digest, `${name} of a buffer`);
  }
  const manyLetters = text('a', 1000000);
  for (const [name, digest] of Object.entries(million)) {
    assert.equal(crypto[name](manyLetters), digest, `${name} of a million letters`);
  }

  // Every length around the block boundaries gives the same in one piece and in three.
  for (const name of Object.keys(abc)) {
    for (let length = 50; length < 140; length++) {
      const hash = crypto.createHash(name);
      hash.update(text('x', 17)).update(text('x', 20)).update(text('x', length - 37));
      assert.equal(hash.digest(), crypto[name](text('x', length)), `${name} of ${length} letters`);
      assert.equal(hash.digest(), hash.digest('hex'), 'a digest changes nothing');
    }
  }

  // RFC 4231, test cases 2 and 6; RFC 2202, test case 2.
  assert.equal(crypto.hmac('sha256', 'Jefe', 'what do ya want for nothing?', 'hex'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843', 'RFC 4231 case 2');
  const longKey = new Uint8Array(131).fill(0xaa);
  const longText = 'Test Using Larger Than Block-Size Key - Hash Key First';
  assert.equal(crypto.hmac('sha256', longKey.buffer, longText, 'hex'),
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54', 'RFC 4231 case 6');
  assert.equal(crypto.createHMAC('md5', 'Jefe').update('what do ya want for nothing?').digest(),
    '750c783e6ab0b503eaa86e310a5db738', 'RFC 2202 case 2');

  assert.equal(crypto.md5('abc', 'base64'), 'kAFQmDzST7DWlj99KOF/cg==', 'base64');
  assert.equal(crypto.md5('abc', 'base64url'), 'kAFQmDzST7DWlj99KOF_cg==', 'base64url');
  assert.equal(crypto.md5('abc', 'base64rawurl'), 'kAFQmDzST7DWlj99KOF_cg', 'base64rawurl');
  const binary = crypto.md5('abc', 'binary');
  assert(binary instanceof ArrayBuffer && binary.byteLength === 16, 'binary');
  assert.equal(crypto.hexEncode(binary), abc.md5, 'hexEncode');
  assert.equal(crypto.randomBytes(33).byteLength, 33, 'randomBytes');

  const message = (body) => {
    try {
      body();
    } catch (error) {
      return error.message;
    }
    return 'nothing';
  };
  assert(message(() => crypto.createHash('sha3')).includes('sha3'), 'unknown algorithm');
  assert(message(() => crypto.md5('a', 'base58')).includes('base58'), 'unknown encoding');
  assert(message(() => crypto.md5(5)).includes('string or an ArrayBuffer'), 'a number');
  assert(message(() => crypto.randomBytes(0)).includes('at least 1'), 'no bytes');

  return api.globals.crypto.subtle.digest('SHA-256', Uint8Array.of(97, 98, 99)).then((digest) => {
    assert.equal(crypto.hexEncode(digest), abc.sha256, 'crypto.subtle.digest');
  });
})
