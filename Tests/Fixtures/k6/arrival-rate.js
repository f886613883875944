// Iterations begin on schedule, however long each takes.
import http from 'k6/http';
import { check } from 'k6';

export const options = {
  scenarios: {
    orders: {
      executor: 'constant-arrival-rate', rate: 20, timeUnit: '1s', duration: '2s',
      preAllocatedVUs: 5, maxVUs: 10,
    },
  },
};

export default function () {
  const res = http.get(`${__ENV.BASE_URL}/json`);
  check(res, { 'has a symbol': (r) => r.json('symbol') === 'IBM' });
}
