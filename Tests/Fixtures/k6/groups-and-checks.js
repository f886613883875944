// Groups in groups, checks in them, one of which always fails.
import http from 'k6/http';
import { check, group } from 'k6';

export const options = {
  scenarios: {
    default: { executor: 'per-vu-iterations', vus: 2, iterations: 3 },
  },
};

const BASE_URL = __ENV.BASE_URL;

export default function () {
  group('visitor', function () {
    const res = http.get(`${BASE_URL}/html`);
    check(res, {
      'page is there': (r) => r.status === 200,
      'page is by Melville': (r) => r.body.includes('Herman Melville'),
    });

    group('search', () => {
      const found = http.get(`${BASE_URL}/get?q=whale`);
      check(found, {
        'query came through': (r) => r.json().args.q === 'whale',
        'answer is large': (r) => r.body.length > 1000000,
      });
    });
  });

  const total = group('cart', () => {
    const prices = ['3', '4'].map((price) => http.get(`${BASE_URL}/get?price=${price}`));
    return prices.reduce((sum, res) => sum + Number(res.json('args.price')), 0);
  });
  check(total, { 'total is right': (sum) => sum === 7 });
}
