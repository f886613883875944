// What one response says is used in the next request: a token, an id, a list.
import http from 'k6/http';
import { check, fail } from 'k6';

export const options = { vus: 3, iterations: 6 };

const base = __ENV.BASE_URL;
const json = { headers: { 'Content-Type': 'application/json' } };

function login(name) {
  const res = http.post(`${base}/anything/login`, JSON.stringify({
    user: { name, roles: ['reader', 'writer'] }, token: `token-of-${name}`,
  }), json);
  if (res.status !== 200) fail(`cannot log in: ${res.status}`);
  check(res, {
    'logged in': (r) => r.json('json.user.name') === name,
    'has two roles': (r) => r.json('json.user.roles.#') === 2,
    'second role is writer': (r) => r.json('json.user.roles.1') === 'writer',
  });
  return res.json('json.token');
}

export default function () {
  const token = login(`user${__VU}`);
  const params = { headers: { Authorization: `Bearer ${token}` } };

  const profile = http.get(`${base}/bearer`, params);
  check(profile, { 'token is taken': (r) => r.json('token') === token });

  const catalogue = JSON.stringify({ items: [{ id: 7, title: 'A & B' }, { id: 8, title: 'Ü' }] });
  const found = http.post(`${base}/anything/search`, catalogue, params);
  for (const item of found.json('json.items')) {
    const title = encodeURIComponent(item.title);
    const res = http.get(`${base}/anything/items/${item.id}?title=${title}`, params);
    check(res, {
      'item is the one': (r) => r.json('args.title') === item.title,
      'address has the id': (r) => r.json('url').includes(`/items/${item.id}?`),
    });
  }
  check(found, { 'all ids': (r) => r.json('json.items.#.id').join() === '7,8' });
}
