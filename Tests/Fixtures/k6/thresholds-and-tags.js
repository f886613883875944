// Thresholds of parts: by a tag of requests, of checks, and by the name of a request.
import http from 'k6/http';
import { check } from 'k6';

export const options = {
  vus: 2,
  iterations: 8,
  tags: { testid: 'nightly' },
  thresholds: {
    http_reqs: ['count==16'],
    http_req_failed: ['rate==0'],
    'http_req_duration{kind:page}': ['p(95)<10000', 'max<20000'],
    'http_req_duration{kind:api}': [{ threshold: 'med<10000', abortOnFail: false }],
    'http_reqs{kind:api}': ['count==8'],
    checks: ['rate>0.99'],
  },
};

export default function () {
  const page = http.get(`${__ENV.BASE_URL}/html`, { tags: { kind: 'page' } });
  const api = http.get(`${__ENV.BASE_URL}/uuid`, { tags: { kind: 'api', name: 'uuid' } });
  check(page, { 'page arrived': (r) => r.status === 200 }, { kind: 'page' });
  check(api, { 'api answered': (r) => r.json('uuid').length === 36 }, { kind: 'api' });
}
