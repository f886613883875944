// A site as classes: a client below, pages above, inheritance between.
import http from 'k6/http';
import { check, group } from 'k6';

export const options = { vus: 2, iterations: 4 };

class Client {
  #token = '';

  constructor(base) {
    this.base = base;
    this.count = 0;
  }

  request(method, path, body = null) {
    this.count += 1;
    const headers = { 'X-Token': this.#token };
    return http.request(method, this.base + path, body, { headers });
  }

  get(path) {
    return this.request('GET', path);
  }

  login(name) {
    const res = this.request('POST', '/anything/login', { name });
    this.#token = `t-${res.json('form.name')}`;
    return this;
  }
}

class Page {
  constructor(client, path) {
    this.client = client;
    this.path = path;
  }

  open() {
    this.response = this.client.get(this.path);
    check(this.response, { [`${this.constructor.name} opens`]: (r) => r.status === 200 });
    return this;
  }
}

class Home extends Page {
  constructor(client) {
    super(client, '/anything/home');
  }

  articles() {
    return [1, 2].map((id) => new Article(this.client, id));
  }
}

class Article extends Page {
  constructor(client, id) {
    super(client, `/anything/articles/${id}`);
    this.id = id;
  }

  read() {
    return super.open().response.json('headers.X-Token');
  }
}

export default function () {
  const client = new Client(__ENV.BASE_URL).login(`user${__VU}`);
  const tokens = group('reading', () => new Home(client).open().articles().map((a) => a.read()));
  check(tokens, {
    'both with the token': (list) => list.every((token) => token === `t-user${__VU}`),
    'in four requests': () => client.count === 4,
  });
}
