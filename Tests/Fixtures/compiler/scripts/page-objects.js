import http from 'k6/http';
import { check, group, sleep } from 'k6';

class BasePage {
  constructor(client) {
    this.client = client;
  }

  get name() {
    return this.constructor.name;
  }

  visit(path, checks) {
    this.response = this.client.get(path);
    check(this.response, checks);
    return this;
  }
}

class ShopPage extends BasePage {
  open() {
    return this.visit('/shop', { 'shop opens': (r) => r.status === 200 });
  }

  products() {
    return this.response.json('items').map((id) => new Product(this.client, id));
  }
}

class Product {
  constructor(client, id) {
    this.client = client;
    this.id = id;
  }

  addToCart(cart) {
    const res = this.client.post(`/cart/${this.id}`, { quantity: 1 });
    cart.added(this, res);
  }
}

class Cart {
  #items = [];

  added(product, res) {
    if (res.status === 200) this.#items.push(product.id);
  }

  checkout(client) {
    return client.post('/checkout', JSON.stringify(this.#items)).status;
  }

  static empty() {
    return new Cart();
  }
}

class Client {
  constructor(base) {
    this.base = base;
    this.count = 0;
  }

  request(method, path, body) {
    this.count += 1;
    return http.request(method, this.base + path, body);
  }

  get(path) {
    return this.request('GET', path);
  }

  post(path, body) {
    return this.request('POST', path, body);
  }
}

export default function () {
  const client = new Client('http://shop');
  const cart = Cart.empty();
  group('shopping', () => {
    const page = new ShopPage(client).open();
    page.products().forEach((product, index) => {
      if (index < 2) product.addToCart(cart);
      sleep(index);
    });
    console.log(page.name, cart.checkout(client), client.count);
  });
}
