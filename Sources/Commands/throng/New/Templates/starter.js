/// <reference path="./throng.d.ts" />
// @ts-check

// A virtual user. Run it, for example, with ten users for ten seconds:
//
//     throng run {name} -u 10 -d 10s -e BASE_URL=http://127.0.0.1:8081
//
// Everything below is explained in throng.d.ts, which an editor shows while you type.

// What stands out here runs once for each user, before the test begins: no requests yet.
const baseURL = env.BASE_URL ?? 'http://127.0.0.1:8081';

// One call is one iteration. Users share nothing: each has its own variables and cookies.
module.exports = async () => {
  // A request is a promise of its response. It fails the iteration only where you say so.
  const page = await http.get(`${baseURL}/`);

  // Checks count what passed and what failed; they end nothing.
  check(page, {
    'the page is there': (res) => res.status === 200,
    'it is not empty': (res) => res.body.length > 0,
  });

  // All ids are listed as one resource, because the name says so.
  const id = 1 + (vu.iteration % 10);
  const item = await http.get(`${baseURL}/json?id=${id}`, { name: 'GET /json' });

  // A group gives its checks a name and measures how long it takes.
  await group('item', async () => {
    if (check(item, { 'has a price': (res) => res.json().price > 0 })) {
      // A metric of your own, merged over all users of all agents: counter, timing, histogram
      // or metered.
      results.counter('items_seen');
      results.metered('price', item.json().price);
    }
  });

  // Suites of tests show up one by one in the results; a test fails by throwing.
  await describe('the target', () => {
    it('answers within a second', () => {
      if (item.timings.duration > 1000) throw new Error(`took ${item.timings.duration} ms`);
    });
  });

  if (vu.iteration === 0) log.info(`user ${vu.id} has begun in ${vu.region}`);

  // Seconds. People read before they go on.
  await sleep(0.2 + Math.random() * 0.3);
};
