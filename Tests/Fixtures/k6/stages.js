// A load that rises and falls. How many iterations come of it depends on the machine.
import http from 'k6/http';
import { check, group, sleep } from 'k6';

export const options = {
  stages: [
    { duration: '1s', target: 5 },
    { duration: '1s', target: 5 },
    { duration: '500ms', target: 0 },
  ],
  thresholds: { http_req_failed: ['rate<0.01'], iterations: ['count>10'] },
};

export default function () {
  group('front', () => {
    const res = http.get(`${__ENV.BASE_URL}/`);
    check(res, { 'front page is there': (r) => r.status === 200 });
  });
  sleep(0.1);
}
