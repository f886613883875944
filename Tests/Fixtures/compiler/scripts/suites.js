import { describe, expect } from 'https://jslib.k6.io/k6chaijs/4.3.4.3/index.js';
import { Httpx } from 'https://jslib.k6.io/httpx/0.1.0/index.js';
import { textSummary } from 'https://jslib.k6.io/k6-summary/0.0.2/index.js';

const session = new Httpx({ baseURL: 'http://api', timeout: 20000 });

function retrieveItems(session) {
  const response = session.get('/items');
  expect(response.status, 'status').to.equal(200);
  return response.json('items');
}

export default function testSuite() {
  const ok = describe('items', () => {
    const items = retrieveItems(session);
    items.slice(0, 2).forEach((id) => {
      describe(`item ${id}`, () => {
        expect(session.get(`/items/${id}`).status).to.equal(200);
      });
    });
  }) && describe('post', () => { session.post('/items', 'x'); });
  console.log('all', ok);
}

export function handleSummary(data) {
  return { 'summary.txt': textSummary(data), stdout: '' };
}
