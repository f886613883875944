// Which answers are failures: by the standard, by what one request says, by what all say.
import http from 'k6/http';
import { check } from 'k6';

export const options = {
  iterations: 4,
  thresholds: { http_req_failed: ['rate==0.25'] },
};

const base = __ENV.BASE_URL;

export default function () {
  const missing = http.get(`${base}/status/404`);
  const teapot = http.get(`${base}/status/418`, {
    responseCallback: http.expectedStatuses(418),
  });
  const any = http.get(`${base}/status/500`, {
    responseCallback: http.expectedStatuses({ min: 200, max: 399 }, { min: 500, max: 599 }),
  });
  const fine = http.get(`${base}/status/204`);
  check([missing, teapot, any, fine], {
    'statuses are as asked for': (all) => all.map((r) => r.status).join() === '404,418,500,204',
    'none has an error of the network': (all) => all.every((r) => r.status > 0),
  });
}
