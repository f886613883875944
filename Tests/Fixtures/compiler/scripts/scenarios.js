import http from 'k6/http';
import { sleep } from 'k6';
import { Counter, Rate, Trend, Gauge } from 'k6/metrics';

export const options = {
  scenarios: {
    browse: { executor: 'constant-vus', exec: 'browse', vus: 5, duration: '1m', tags: { a: 'b' } },
    buy: { executor: 'ramping-arrival-rate', exec: 'buy', startRate: 1, stages: [] },
  },
};

const orders = new Counter('orders');
const failures = new Rate('failures');
const waiting = new Trend('waiting_time', true);
const size = new Gauge('content_size');

const record = (res) => {
  failures.add(res.status !== 200);
  waiting.add(res.timings.duration, { name: 'page' });
  size.add(res.body.length);
  return res;
};

export function browse() {
  for (const path of ['/', '/missing']) record(http.get(`http://site${path}`));
  sleep(2);
}

export const buy = () => {
  const order = record(http.post('http://site/orders', 'one'));
  if (order.status === 200) orders.add(1);
};
