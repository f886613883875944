// Requests at a time: as an array, as an object, with methods and bodies of all forms.
import http from 'k6/http';
import { check } from 'k6';

export const options = { vus: 2, iterations: 4, batch: 10, batchPerHost: 5 };

const base = __ENV.BASE_URL;

export default function () {
  const pages = http.batch([
    `${base}/get?page=1`,
    ['GET', `${base}/get?page=2`],
    ['GET', `${base}/get?page=3`, null, { tags: { name: 'third page' } }],
    { method: 'GET', url: `${base}/get?page=4` },
  ]);
  check(pages, {
    'four pages': (all) => all.length === 4,
    'in order': (all) => all.every((res, index) => res.json('args.page') === `${index + 1}`),
  });

  const named = http.batch({
    form: ['POST', `${base}/post`, { colour: 'red' }],
    put: {
      method: 'PUT', url: `${base}/put`, body: 'plain', params: { headers: { 'X-One': '1' } },
    },
    missing: ['GET', `${base}/status/404`],
  });
  check(named, {
    'form arrived': ({ form }) => form.json('form.colour') === 'red',
    'put arrived': ({ put }) => put.json('data') === 'plain',
    'header arrived': ({ put }) => put.json('headers.X-One') === '1',
    'missing is missing': ({ missing }) => missing.status === 404,
  });
}
