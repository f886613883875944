// Metrics of the script's own, of all four kinds, and thresholds on them.
import http from 'k6/http';
import { check } from 'k6';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';

const orders = new Counter('orders');
const basket = new Gauge('basket_size');
const declined = new Rate('declined');
const checkout = new Trend('checkout_time', true);

export const options = {
  vus: 2,
  iterations: 10,
  thresholds: {
    orders: ['count==30'],
    declined: ['rate<0.6'],
    checkout_time: ['p(90)<10000', 'avg<10000'],
    basket_size: ['value<=5'],
  },
};

export default function () {
  const size = 3;
  const res = http.post(`${__ENV.BASE_URL}/anything/orders`, JSON.stringify({ size }), {
    headers: { 'Content-Type': 'application/json' },
  });
  orders.add(res.json('json.size'));
  basket.add(size, { shop: 'one' });
  declined.add(res.status !== 200);
  checkout.add(res.timings.duration);
  check(res, { 'ordered three': (r) => r.json('json').size === 3 });
}
