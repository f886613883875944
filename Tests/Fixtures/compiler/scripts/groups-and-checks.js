import http from 'k6/http';
import { check, group, sleep, fail } from 'k6';

export const options = {
  vus: 10,
  duration: '30s',
  thresholds: {
    http_req_duration: ['p(95)<500'],
    'checks{kind:page}': ['rate>0.99'],
  },
};

const BASE = __ENV.BASE || 'http://localhost';

export default function () {
  group('front page', function () {
    const res = http.get(`${BASE}/`);
    check(res, {
      'status is 200': (r) => r.status === 200,
      'body is there': (r) => r.body.length > 0,
    }, { kind: 'page' });

    group('static files', function () {
      const files = http.batch([
        ['GET', `${BASE}/style.css`, null, { tags: { type: 'css' } }],
        ['GET', `${BASE}/app.js`, null, { tags: { type: 'js' } }],
      ]);
      files.forEach((file) => check(file, { 'file loads': (r) => r.status === 200 }));
    });
  });

  group('login', () => {
    const res = http.post(`${BASE}/login`, { user: 'a', password: 'b' });
    if (!check(res, { 'logged in': (r) => r.json('token') !== '' })) {
      fail('no token');
    }
    sleep(1);
  });
}
