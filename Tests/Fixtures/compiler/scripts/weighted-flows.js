import http from 'k6/http';
import { sleep, group } from 'k6';

const flows = [
  { name: 'browse', weight: 70, run: browse },
  { name: 'search', weight: 20, run: (user) => search(user, 'shoes') },
  { name: 'buy', weight: 10, run: async (user) => { await buy(user); } },
];

function pick(list, at) {
  const total = list.reduce((sum, { weight }) => sum + weight, 0);
  let left = at * total;
  return list.find(({ weight }) => (left -= weight) < 0);
}

function browse({ id }) {
  http.get(`http://shop/browse?u=${id}`);
}

function search({ id }, word) {
  const { items } = http.get(`http://shop/search?q=${encodeURIComponent(word)}`).json();
  return items.filter((n) => n % 2).map((n) => http.get(`http://shop/p/${n}?u=${id}`).status);
}

function buy(user) {
  return group('buy', () => {
    search(user, 'hat');
    return http.post('http://shop/buy', JSON.stringify(user)).status;
  });
}

export default async function () {
  const user = { id: __VU };
  for (const at of [0.1, 0.75, 0.95]) {
    const flow = pick(flows, at);
    console.log('flow', flow.name);
    await flow.run(user);
    sleep(1);
  }
}
