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

  const slides = http.get(`${base}/json`, params).json('slideshow.slides');
  for (const slide of slides) {
    const title = encodeURIComponent(slide.title);
    const res = http.get(`${base}/anything/slides?title=${title}`, params);
    check(res, { 'slide is the one': (r) => r.json('args.title') === slide.title });
  }
}
