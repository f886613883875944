// What fails is tried again, up to a bound; failing on purpose is no failure.
import http from 'k6/http';
import { check, sleep } from 'k6';
import { Counter } from 'k6/metrics';

export const options = {
  vus: 2,
  iterations: 4,
  thresholds: { retries: ['count==12'], http_req_failed: ['rate==0'] },
};

const retries = new Counter('retries');
const expected = http.expectedStatuses({ min: 200, max: 299 }, 503);

function withRetries(send, attempts) {
  let res;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    res = send(attempt);
    if (res.status < 500) return res;
    retries.add(1);
    sleep(0.01 * attempt);
  }
  return res;
}

export default function () {
  http.setResponseCallback(expected);
  const good = withRetries(
    (attempt) => http.get(`${__ENV.BASE_URL}/status/${attempt < 2 ? 503 : 200}`), 3);
  check(good, { 'comes in the end': (r) => r.status === 200 });

  const bad = withRetries(() => http.get(`${__ENV.BASE_URL}/status/503`), 2);
  check(bad, { 'never comes': (r) => r.status === 503 });
}
