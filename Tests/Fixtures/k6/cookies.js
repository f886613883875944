// Cookies that a site sets, that a script sets, and that one request alone has.
import http from 'k6/http';
import { check } from 'k6';

export const options = { vus: 2, iterations: 6 };

const base = __ENV.BASE_URL;

export default function () {
  // Before the first request of all: nothing of it may be lost, or stay for the next iteration.
  http.cookieJar().set(base, 'first', `${__ITER}`);
  const first = http.get(`${base}/cookies`).json('cookies');
  check(first, {
    'first cookie is sent': (cookies) => cookies.first === `${__ITER}`,
    'nothing else is sent': (cookies) => Object.keys(cookies).length === 1,
  });
  http.cookieJar().delete(base, 'first');

  const none = http.get(`${base}/cookies`);
  check(none, { 'begins without cookies': (r) => Object.keys(r.json('cookies')).length === 0 });

  const set = http.get(`${base}/cookies/set?session=abc`, { redirects: 0 });
  check(set, {
    'cookie is set': (r) => r.cookies.session[0].value === 'abc',
    'redirect is not followed': (r) => r.status === 302,
  });

  const jar = http.cookieJar();
  jar.set(base, 'language', 'en');
  check(jar.cookiesForURL(base), {
    'jar has the session': (cookies) => cookies.session[0] === 'abc',
    'jar has the language': (cookies) => cookies.language[0] === 'en',
  });

  const both = http.get(`${base}/cookies`, { cookies: { once: 'only' } });
  check(both.json('cookies'), {
    'session is sent': (cookies) => cookies.session === 'abc',
    'language is sent': (cookies) => cookies.language === 'en',
    'cookie of one request is sent': (cookies) => cookies.once === 'only',
  });

  const later = http.get(`${base}/cookies`);
  check(later, { 'cookie of one request is gone': (r) => !('once' in r.json('cookies')) });
}
