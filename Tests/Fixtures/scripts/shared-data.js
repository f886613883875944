// Rows that nobody else gets, a place where all users meet, and an event that they wait for.
const users = dataTable.open('users');

module.exports = async () => {
  const user = await users.next({ atEnd: 'stop' });
  const released = new Promise((resolve) => events.on('go', resolve));
  log.info(`${user.name} is ready`);

  // Goes on when every user of every agent has come here.
  await results.barrier('ready');
  results.counter('ready');

  const { path } = await released;
  const res = await http.get(`${env.BASE_URL}${path}?user=${user.name}`, { name: 'GET page' });
  check(res, { 'page is there': (r) => r.status === 200 });
  output.file(`${user.name}.txt`, res.body, 'text/plain');
};
