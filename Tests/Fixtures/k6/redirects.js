// Redirects: followed, counted, stopped, and kept to.
import http from 'k6/http';
import { check } from 'k6';

export const options = { iterations: 3, maxRedirects: 5 };

const base = __ENV.BASE_URL;

export default function () {
  const followed = http.get(`${base}/redirect/3`);
  check(followed, {
    'arrives': (r) => r.status === 200,
    'where it was sent': (r) => r.url === `${base}/get`,
  });

  const stopped = http.get(`${base}/redirect-to?url=/get&status_code=307`, { redirects: 0 });
  check(stopped, {
    'is stopped': (r) => r.status === 307,
    'says where to': (r) => r.headers.Location === '/get',
  });

  const kept = http.post(`${base}/redirect-to?url=/post&status_code=307`, { n: '1' });
  check(kept, { 'method and body are kept': (r) => r.json('form.n') === '1' });

  const changed = http.post(`${base}/redirect-to?url=/get&status_code=303`, { n: '1' });
  check(changed, { 'method becomes GET': (r) => r.status === 200 && r.url === `${base}/get` });
}
