// Unchanged in k6 and here: a load that rises, groups, and thresholds that decide.
import http from 'k6/http';
import { check, group, sleep } from 'k6';
import { Trend } from 'k6/metrics';

export const options = {
  stages: [{ duration: '1s', target: 5 }, { duration: '1s', target: 5 }],
  thresholds: { http_req_failed: ['rate<0.01'], price_time: ['p(95)<500'] },
};

const priceTime = new Trend('price_time', true);

export default function () {
  group('front page', () => {
    const res = http.get(`${__ENV.BASE_URL}/`);
    check(res, { 'page is there': (r) => r.status === 200 });
  });
  group('price', () => {
    const res = http.get(`${__ENV.BASE_URL}/json`);
    check(res, { 'price is above zero': (r) => r.json('price') > 0 });
    priceTime.add(res.timings.duration);
  });
  sleep(0.1);
}
