// A scenario that runs a function of its own, with its own environment and tags.
import http from 'k6/http';
import { check } from 'k6';
import exec from 'k6/execution';

export const options = {
  scenarios: {
    checkout: {
      executor: 'shared-iterations', exec: 'checkout', vus: 3, iterations: 9, maxDuration: '1m',
      env: { CURRENCY: 'EUR' }, tags: { flow: 'checkout' },
    },
  },
  thresholds: { 'http_reqs{flow:checkout}': ['count==18'] },
};

const pay = (amount) => http.post(`${__ENV.BASE_URL}/anything/pay`, {
  amount: `${amount}`, currency: __ENV.CURRENCY,
});

export function checkout() {
  const cart = http.get(`${__ENV.BASE_URL}/anything/cart?amount=12`);
  const receipt = pay(cart.json('args.amount'));
  check(receipt, {
    'paid the amount': (r) => r.json('form.amount') === '12',
    'in the currency of the scenario': (r) => r.json('form.currency') === 'EUR',
  });
  check(exec.scenario, {
    'is the scenario': (s) => s.name === 'checkout',
    'has its executor': (s) => s.executor === 'shared-iterations',
  });
}

export function neverRun() {
  http.get(`${__ENV.BASE_URL}/status/500`);
}
