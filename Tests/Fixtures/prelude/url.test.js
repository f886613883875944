(function (assert, api) {
  'use strict';
  const { URL, URLSearchParams } = api.globals;

  // [input, base, href or null when it is not valid]
  const parsing = [
    ['http://example.com', undefined, 'http://example.com/'],
    ['HTTP://User:P%40ss@EXAMPLE.com:80/a/./b/../c?q=1#f', undefined,
      'http://User:P%40ss@example.com/a/c?q=1#f'],
    ['https://h:443/', undefined, 'https://h/'],
    ['https://h:8443/', undefined, 'https://h:8443/'],
    ['wss://h:443/chat', undefined, 'wss://h/chat'],
    ['//other/x', 'http://h/a/b', 'http://other/x'],
    ['/x', 'http://h/a/b?c#d', 'http://h/x'],
    ['x', 'http://h/a/b?c#d', 'http://h/a/x'],
    ['../../../x', 'http://h/a/b/c', 'http://h/x'],
    ['?y', 'http://h/a/b?c#d', 'http://h/a/b?y'],
    ['#z', 'http://h/a/b?c#d', 'http://h/a/b?c#z'],
    ['', 'http://h/a/b?c#d', 'http://h/a/b?c'],
    ['http:x', 'http://h/a/b', 'http://h/a/x'],
    ['https:x', 'http://h/a/b', 'https://x/'],
    ['\\\\h2\\p', 'http://h/', 'http://h2/p'],
    ['  http://h/a\tb\nc  ', undefined, 'http://h/abc'],
    ['http://h/ä b"<>`{}|^', undefined, 'http://h/%C3%A4%20b%22%3C%3E%60%7B%7D|%5E'],
    ["http://h/?a='b c'ü", undefined, 'http://h/?a=%27b%20c%27%C3%BC'],
    ["foo://h/?a='b'", undefined, "foo://h/?a='b'"],
    ['http://h/%2e%2E/%2e/x', undefined, 'http://h/x'],
    ['http://h/\ud800', undefined, 'http://h/%EF%BF%BD'],
    ['http://192.168.0.1.', undefined, 'http://192.168.0.1/'],
    ['http://0x7f.1', undefined, 'http://127.0.0.1/'],
    ['http://0300.0.1', undefined, 'http://192.0.0.1/'],
    ['http://4294967295', undefined, 'http://255.255.255.255/'],
    ['http://4294967296', undefined, null],
    ['http://1.2.3.256', undefined, null],
    ['http://1.2.3.09', undefined, null],
    ['http://[2001:DB8:0:0:1:0:0:1]:8080/', undefined, 'http://[2001:db8::1:0:0:1]:8080/'],
    ['http://[::ffff:1.2.3.4]', undefined, 'http://[::ffff:102:304]/'],
    ['http://[1::2::3]', undefined, null],
    ['http://[::1', undefined, null],
    ['http://b%C3%BCcher.example/', undefined, 'http://xn--bcher-kva.example/'],
    ['http://BÜCHER。example/', undefined, 'http://xn--bcher-kva.example/'],
    ['http://日本語.jp/', undefined, 'http://xn--wgv71a119e.jp/'],
    ['http://a b/', undefined, null],
    ['http://a%/', undefined, null],
    ['http://a<b/', undefined, null],
    ['http://h:65536/', undefined, null],
    ['http://h:8x/', undefined, null],
    ['http://:80/', undefined, null],
    ['http://user@/', undefined, null],
    ['http:///', undefined, null],
    ['a@b:c@h', 'foo://x/y', 'foo://x/a@b:c@h'],
    ['foo://a@b:c@h', undefined, 'foo://a%40b:c@h'],
    ['relative', undefined, null],
    ['mailto:a@b.c?subject=x', undefined, 'mailto:a@b.c?subject=x'],
    ['x', 'mailto:a@b.c', null],
    ['#x', 'mailto:a@b.c', 'mailto:a@b.c#x'],
    ['file:///C|/a/../..', undefined, 'file:///C:/'],
    ['file://localhost/etc', undefined, 'file:///etc'],
    ['/x', 'file:///C:/a/b', 'file:///C:/x'],
    ['foo:/.//p', undefined, 'foo:/.//p'],
    ['foo:/a/../..', undefined, 'foo:/'],
  ];
  for (const [input, base, href] of parsing) {
    const label = `URL(${JSON.stringify(input)}, ${base})`;
    assert.equal(URL.parse(input, base)?.href ?? null, href, label);
    assert.equal(URL.canParse(input, base), href !== null, `${label} canParse`);
    if (href !== null) assert.equal(new URL(href).href, href, `${label} is stable`);
  }
  let error = null;
  try {
    new URL('nothing');
  } catch (thrown) {
    error = thrown;
  }
  assert(error instanceof TypeError && error.message.includes("'nothing'"), 'the error names it');

  const url = new URL('https://u:p@example.org:81/a/b?x=1&y=2#top');
  const parts = ['protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname',
    'search', 'hash', 'origin'];
  assert.equal(
    parts.map((part) => url[part]).join(' '),
    'https: u p example.org:81 example.org 81 /a/b ?x=1&y=2 #top https://example.org:81', 'parts');
  assert.equal(JSON.stringify({ url }), `{"url":"${url.href}"}`, 'toJSON');
  assert.equal(new URL('foo:bar').origin, 'null', 'opaque origin');
  assert.equal(new URL('blob:https://h:9/id').origin, 'https://h:9', 'blob origin');

  // [start, property, value, href afterwards]
  const setting = [
    ['http://h/', 'protocol', 'https', 'https://h/'],
    ['http://h:443/', 'protocol', 'https:', 'https://h/'],
    ['http://h/', 'protocol', 'foo', 'http://h/'],
    ['http://h/', 'username', 'a b', 'http://a%20b@h/'],
    ['http://h/', 'password', 'x:y', 'http://:x%3Ay@h/'],
    ['mailto:x', 'username', 'a', 'mailto:x'],
    ['http://h:1/', 'host', 'k:2', 'http://k:2/'],
    ['http://h:1/', 'host', 'k', 'http://k:1/'],
    ['http://h:1/', 'hostname', 'k:2', 'http://h:1/'],
    ['http://h/', 'hostname', '', 'http://h/'],
    ['http://h/', 'hostname', '[::1]', 'http://[::1]/'],
    ['http://h/', 'port', '8080abc', 'http://h:8080/'],
    ['http://h:8080/', 'port', '', 'http://h/'],
    ['http://h:8080/', 'port', '99999', 'http://h:8080/'],
    ['http://h/a?b#c', 'pathname', 'x/?y', 'http://h/x/%3Fy?b#c'],
    ['http://h/a', 'search', 'q=ä', 'http://h/a?q=%C3%A4'],
    ['http://h/a?b', 'search', '', 'http://h/a'],
    ['http://h/a', 'hash', '##x y', 'http://h/a##x%20y'],
    ['http://h/a', 'href', 'ws://k', 'ws://k/'],
  ];
  for (const [start, property, value, href] of setting) {
    const subject = new URL(start);
    subject[property] = value;
    assert.equal(subject.href, href, `${start} .${property} = ${value}`);
  }

  // The parameters of a URL are live in both directions.
  const live = new URL('http://h/?a=1&b=2');
  const params = live.searchParams;
  params.append('c', 'ä & é');
  assert.equal(live.search, '?a=1&b=2&c=%C3%A4+%26+%C3%A9', 'append reaches the URL');
  live.search = '?z=9';
  assert.equal(params.get('z'), '9', 'search reaches the parameters');
  assert.equal(params.has('a'), false, 'old parameters are gone');
  params.delete('z');
  assert.equal(live.href, 'http://h/', 'no question mark is left');
  assert(live.searchParams === params, 'the same object');

  const list = new URLSearchParams('?a=1&a=2&b=%zz&c=%E4&d=x+y&&e');
  assert.equal(list.getAll('a').join(), '1,2', 'getAll');
  assert.equal(list.get('b'), '%zz', 'broken escapes stay');
  assert.equal(list.get('c'), '\ufffd', 'what is not UTF-8');
  assert.equal(list.get('d'), 'x y', 'plus');
  assert.equal(list.get('e'), '', 'no value');
  assert.equal(list.get('none'), null, 'absent');
  assert.equal(list.size, 6, 'size');
  list.set('a', '3');
  assert.equal(list.toString().slice(0, 6), 'a=3&b=', 'set replaces all');
  assert.equal(list.has('a', '1'), false, 'has with value');
  list.append('a', '4');
  list.delete('a', '3');
  assert.equal(list.getAll('a').join(), '4', 'delete with value');
  assert.equal(new URLSearchParams({ x: 1, y: "(~!')" }).toString(),
    'x=1&y=%28%7E%21%27%29', 'record');
  assert.equal(new URLSearchParams([['k', 'v'], ['k', 'w']]).toString(), 'k=v&k=w', 'pairs');
  const sorted = new URLSearchParams('z=1&a=2&z=0&\u{1f600}=3&\uffff=4');
  sorted.sort();
  assert.equal([...sorted.keys()].join(), 'a,z,z,\u{1f600},\uffff', 'sorted by code units');
  assert.equal([...sorted.values()].slice(1, 3).join(), '1,0', 'sorting is stable');
  assert.equal(JSON.stringify([...new URLSearchParams('q=1')]), '[["q","1"]]', 'iteration');
  let seen = '';
  new URLSearchParams('m=1&n=2').forEach((value, name) => (seen += name + value));
  assert.equal(seen, 'm1n2', 'forEach');
  let refused = false;
  try {
    new URLSearchParams([['a']]);
  } catch (thrown) {
    refused = thrown instanceof TypeError;
  }
  assert(refused, 'a pair of one is refused');
})
