(function (assert, api) {
  'use strict';

  const calls = [];
  const client = {
    api: {
      http: {
        request: (...values) => (calls.push(values), Promise.resolve({ status: 200 })),
        batch: (requests) => (calls.push(requests), Promise.resolve(requests.map(() => ({})))),
      },
    },
  };
  const { Httpx, Get, Post } = api.require('jslib/httpx', client);
  const last = () => JSON.stringify(calls.at(-1));

  const session = new Httpx({
    baseURL: 'http://h/api', headers: { Accept: 'a' }, tags: { t: '1' }, timeout: 500,
  });
  const answer = session.get('/x');
  assert(typeof answer.then === 'function', 'a promise');
  assert.equal(last(),
    '["GET","http://h/api/x",null,' +
    '{"headers":{"Accept":"a"},"tags":{"t":"1"},"timeout":500}]', 'get');
  session.post('/y', 'body', { headers: { accept: 'b', X: 'c' }, timeout: 9 });
  assert.equal(last(),
    '["POST","http://h/api/y","body",' +
    '{"headers":{"accept":"b","X":"c"},"timeout":9,"tags":{"t":"1"}}]', 'own parameters win');
  session.get('http://other/z', { tags: { u: '2' } });
  assert.equal(last(), '["GET","http://other/z",null,' +
    '{"tags":{"t":"1","u":"2"},"headers":{"Accept":"a"},"timeout":500}]', 'parameters as second');
  session.addHeader('ACCEPT', 'z');
  session.addHeaders({ B: '1' });
  session.addTag('v', '3');
  session.removeTag('t');
  session.setBaseUrl('http://k');
  session.setTimeout(1);
  session.delete('/d', null);
  assert.equal(last(), '["DELETE","http://k/d",null,' +
    '{"headers":{"ACCEPT":"z","B":"1"},"tags":{"v":"3"},"timeout":1}]', 'setters');
  session.removeHeader('accept');
  session.clearTags();
  for (const method of ['get', 'post', 'put', 'patch', 'delete', 'options', 'head', 'asyncPut']) {
    session[method]('/m');
    assert.equal(calls.at(-1)[0], method.replace('async', '').toUpperCase(), method);
  }
  session.batch([new Get('/1'), new Post('/2', 'b', { tags: { own: '1' } }), '/3'],
    { tags: { all: '2' } });
  assert.equal(JSON.stringify(calls.at(-1).map((item) => [
    item.method, item.url, item.body, item.params.tags, item.params.headers,
  ])), JSON.stringify([
    ['GET', 'http://k/1', null, { all: '2' }, { B: '1' }],
    ['POST', 'http://k/2', 'b', { all: '2', own: '1' }, { B: '1' }],
    ['GET', 'http://k/3', null, { all: '2' }, { B: '1' }],
  ]), 'batch');
})
