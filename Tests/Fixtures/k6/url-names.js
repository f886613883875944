// Many addresses under one name: by a template, and by a tag.
import http from 'k6/http';
import { check } from 'k6';

const base = __ENV.BASE_URL;

export const options = {
  vus: 2,
  iterations: 4,
  thresholds: {
    'http_reqs{name:${}/anything/items/${}}': ['count==12'],
    'http_reqs{name:article}': ['count==8'],
  },
};

export default function () {
  for (const id of [1, 2, 3]) {
    const res = http.get(http.url`${base}/anything/items/${id}`);
    check(res, { 'item is the one': (r) => r.json('url').endsWith(`/items/${id}`) });
  }
  [10, 20].forEach((id) => {
    const res = http.get(`${base}/anything/articles/${id}`, { tags: { name: 'article' } });
    check(res, { 'article is the one': (r) => r.json('url').endsWith(`/articles/${id}`) });
  });
}
