import http from 'k6/http';
import { check } from 'k6';

http.setResponseCallback(http.expectedStatuses({ min: 200, max: 399 }, 404));

export const options = { maxRedirects: 0, tags: { test: 'redirects' } };

const follow = (url, limit = 3, seen = []) => {
  const res = http.get(url, { redirects: 0, tags: { name: 'follow' } });
  seen.push(res.url);
  const { Location: next } = res.headers;
  return limit > 0 && next ? follow(next, limit - 1, seen) : { res, seen };
};

export default () => {
  const { res, seen } = follow('http://host/start');
  check({ res, seen }, {
    'went on': ({ seen: urls }) => urls.length === 4,
    'ended well': ({ res: last }) => last.status === 200,
  });
  const urls = { first: 'http://host/1', second: { method: 'POST', url: 'http://host/2', body: 'b' } };
  const { first, second } = http.batch(urls);
  console.log(first.status, second.request.method);
};
