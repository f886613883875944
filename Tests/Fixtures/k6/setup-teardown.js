// What is made before the test is used in it, and removed after it.
import http from 'k6/http';
import { check } from 'k6';

export const options = { vus: 2, iterations: 6, setupTimeout: '30s' };

const base = __ENV.BASE_URL;

export function setup() {
  const res = http.post(`${base}/anything/accounts`, JSON.stringify({ id: 41 }));
  check(res, { 'account is made': (r) => r.status === 200 });
  return { id: JSON.parse(res.json('data')).id + 1, tags: ['a', 'b'] };
}

export default function (data) {
  const res = http.get(`${base}/anything/accounts?id=${data.id}`);
  check(res, { 'account is the one of setup': (r) => r.json('args.id') === '42' });
  check(data, { 'data is whole': (d) => d.tags.join() === 'a,b' });
}

export function teardown(data) {
  const res = http.del(`${base}/anything/accounts?id=${data.id}`);
  check(res, { 'account is removed': (r) => r.json('method') === 'DELETE' });
}
