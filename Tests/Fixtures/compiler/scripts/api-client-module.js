import http from 'k6/http';
import { check } from 'k6';
import encoding from 'k6/encoding';
import crypto from 'k6/crypto';

function createClient({ base, token, onResponse = () => {} }) {
  const headers = { Authorization: `Basic ${encoding.b64encode(token)}` };
  const send = (method) => (path, body) => {
    const res = http.request(method, base + path, body && JSON.stringify(body), { headers });
    onResponse(res);
    return res;
  };
  const resource = (name) => ({
    list: () => send('GET')(`/${name}`).json('items'),
    get: (id) => send('GET')(`/${name}/${id}`).json(),
    create: (data) => send('POST')(`/${name}`, data),
    remove: (id) => send('DELETE')(`/${name}/${id}`),
  });
  return { users: resource('users'), orders: resource('orders'), raw: { get: send('GET') } };
}

const client = createClient({
  base: 'http://api',
  token: crypto.sha256('secret', 'hex'),
  onResponse: (res) => check(res, { 'no error': (r) => r.status < 400 }),
});

export default function () {
  const ids = client.users.list();
  const [firstUser, ...others] = ids.map((id) => client.users.get(id));
  console.log(firstUser.url, others.length);
  const created = client.orders.create({ of: firstUser.url });
  for (const verb of ['list', 'remove']) console.log(verb, client.orders[verb](7));
  client.raw.get('/health');
  return created.status;
}
