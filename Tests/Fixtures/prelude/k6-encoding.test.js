(function (assert, api) {
  'use strict';
  const { b64encode, b64decode } = api.require('k6/encoding');
  const throws = (body) => {
    try {
      body();
    } catch (error) {
      return error.message;
    }
    return 'nothing';
  };

  const binary = Uint8Array.of(0xfb, 0xff, 0xfe, 0x01);
  const encoded = { std: '+//+AQ==', rawstd: '+//+AQ', url: '-__-AQ==', rawurl: '-__-AQ' };
  for (const [variant, text] of Object.entries(encoded)) {
    assert.equal(b64encode(binary.buffer, variant), text, variant);
    assert.equal(new Uint8Array(b64decode(text, variant)).join(), binary.join(), `${variant} back`);
  }
  assert.equal(b64encode('hällo'), 'aMOkbGxv', 'strings are UTF-8');
  assert.equal(b64decode('aMOkbGxv', 'std', 's'), 'hällo', 'as a string');
  assert(b64decode('YQ==') instanceof ArrayBuffer, 'an ArrayBuffer without a format');
  assert.equal(b64decode('YWJ\nj\r\n', 'std', 's'), 'abc', 'line breaks are skipped');
  for (let length = 0; length < 40; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 255);
    for (const variant of Object.keys(encoded)) {
      const back = new Uint8Array(b64decode(b64encode(bytes, variant), variant));
      assert.equal(back.join(), bytes.join(), `${length} bytes, ${variant}`);
    }
  }
  assert(throws(() => b64decode('a-b_', 'std')).includes('input byte 1'), 'foreign letter');
  assert(throws(() => b64decode('YQ', 'std')).includes('illegal base64'), 'missing padding');
  assert(throws(() => b64decode('YQ==', 'rawstd')).includes('illegal base64'), 'padding in raw');
  assert(throws(() => b64encode(5)).includes('string or an ArrayBuffer'), 'a number');
})
