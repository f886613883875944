(function (assert, api) {
  'use strict';
  const { TextEncoder, TextDecoder } = api.globals;
  const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
  const bytes = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const decode = (text, label, options) => new TextDecoder(label, options).decode(bytes(text));
  const throws = (body, type) => {
    try {
      body();
    } catch (error) {
      return error instanceof type;
    }
    return false;
  };

  const encoder = new TextEncoder();
  assert.equal(hex(encoder.encode('aé€😀')), '61c3a9e282acf09f9880', 'one to four bytes');
  assert.equal(hex(encoder.encode('\ud800x\udc00')), 'efbfbd78efbfbd', 'lone surrogates');
  assert.equal(encoder.encode().length, 0, 'nothing');
  const room = new Uint8Array(4);
  const { read, written } = encoder.encodeInto('a😀b', room);
  assert.equal(`${read} ${written}`, '1 1', 'no half code point is written');
  assert.equal(JSON.stringify(encoder.encodeInto('😀b', room)), '{"read":2,"written":4}', 'fits');

  // [bytes, text]: what the standard says about broken input.
  const broken = [
    ['61c3a9e282acf09f9880', 'aé€😀'],
    ['c0af', '\ufffd\ufffd'],
    ['e0809f', '\ufffd\ufffd\ufffd'],
    ['eda080', '\ufffd\ufffd\ufffd'],
    ['f09f98', '\ufffd'],
    ['f09f41', '\ufffdA'],
    ['f4908080', '\ufffd\ufffd\ufffd\ufffd'],
    ['e28261', '\ufffda'],
    ['ff41', '\ufffdA'],
  ];
  for (const [input, text] of broken) {
    assert.equal(decode(input), text, `utf-8 ${input}`);
    const isFatal = throws(() => decode(input, 'utf-8', { fatal: true }), TypeError);
    assert.equal(isFatal, text.includes('\ufffd'), `utf-8 ${input} fatal`);
  }
  const all = encoder.encode('€ä😀');
  for (let cut = 0; cut <= all.length; cut++) {
    const decoder = new TextDecoder();
    const text =
      decoder.decode(all.subarray(0, cut), { stream: true }) + decoder.decode(all.subarray(cut));
    assert.equal(text, '€ä😀', `stream cut at ${cut}`);
  }
  assert.equal(decode('efbbbf41'), 'A', 'byte order mark');
  assert.equal(decode('efbbbf41', 'utf8', { ignoreBOM: true }), '\ufeffA', 'kept mark');
  assert.equal(decode('410000d83dd8', 'utf-16le'), 'A\ufffd\ufffd', 'lone surrogates');
  assert.equal(decode('3dd800de', 'utf-16'), '😀', 'utf-16le pair');
  assert.equal(decode('d83dde00', 'utf-16be'), '😀', 'utf-16be pair');
  assert.equal(decode('80e9ff', 'latin1'), '€éÿ', 'latin1 is windows-1252');
  assert.equal(new TextDecoder(' UTF8 ').encoding, 'utf-8', 'label');
  assert(throws(() => new TextDecoder('klingon'), RangeError), 'unknown label');
  assert(throws(() => new TextDecoder().decode('text'), TypeError), 'no buffer');
  const long = 'x'.repeat(100000);
  assert(new TextDecoder().decode(encoder.encode(long)) === long, 'long text');
  const view = new DataView(bytes('00414200').buffer, 1, 2);
  assert.equal(new TextDecoder().decode(view), 'AB', 'a view of a part');
})
