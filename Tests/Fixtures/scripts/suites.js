// Suites, checks and metrics. Requests are promises; `http`, `check` and the like are globals.
const base = env.BASE_URL;

module.exports = async () => {
  const page = await http.get(`${base}/`);
  check(page, {
    'page is there': (res) => res.status === 200,
    'page is not empty': (res) => res.body.length > 0,
  });

  await describe('prices', () => {
    let price;
    before(async () => {
      price = await http.get(`${base}/json`, { name: 'GET price' });
    });
    it('are there', () => {
      if (price.status !== 200) throw new Error(`status ${price.status}`);
    });
    it('are above zero', () => {
      if (!(price.json().price > 0)) throw new Error(`got ${price.body}`);
      results.counter('prices_read');
      results('GET price').timing('price_time', price.timings.duration);
    });
  });

  await sleep(0.05);
};
