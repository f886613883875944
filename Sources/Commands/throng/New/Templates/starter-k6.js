/// <reference path="./throng.d.ts" />
// @ts-check

// A virtual user in the manner of k6. Its load is in the options below:
//
//     throng run {name} -e BASE_URL=http://127.0.0.1:8081
//
// Everything here is explained in throng.d.ts, which an editor shows while you type.

import http from 'k6/http';
import { check, group, sleep } from 'k6';
import { Counter, Trend } from 'k6/metrics';

// How many users, how long, and what must hold for the test to pass.
export const options = {
  stages: [
    { duration: '3s', target: 10 },
    { duration: '5s', target: 10 },
    { duration: '2s', target: 0 },
  ],
  thresholds: {
    http_req_failed: ['rate<0.01'],
    http_req_duration: ['p(95)<500'],
    checks: ['rate>0.99'],
  },
};

const baseURL = __ENV.BASE_URL || 'http://127.0.0.1:8081';

// Metrics of your own; `true` says that the values are milliseconds.
const itemsSeen = new Counter('items_seen');
const itemTime = new Trend('item_time', true);

// Runs once before all users; what it returns is given to each of them.
export function setup() {
  return { firstID: 1 };
}

// One call is one iteration.
export default function (data) {
  group('page', () => {
    const res = http.get(`${baseURL}/`);
    check(res, { 'the page is there': (r) => r.status === 200 });
  });

  group('item', () => {
    // All ids are listed as one resource, because the name says so.
    const res = http.get(`${baseURL}/json?id=${data.firstID + __ITER}`, {
      tags: { name: 'GET /json' },
    });
    const passed = check(res, {
      'the item is there': (r) => r.status === 200,
      'it has a price': (r) => r.json('price') > 0,
    });
    if (passed) itemsSeen.add(1);
    itemTime.add(res.timings.duration);
  });

  // Seconds. People read before they go on.
  sleep(0.2 + Math.random() * 0.3);
}

// Runs once after all users.
export function teardown(data) {
  console.log(`done; ids began at ${data.firstID}`);
}
