import http from 'k6/http';
import { check } from 'k6';
import { parseHTML } from 'k6/html';

export default function () {
  const jar = http.cookieJar();
  jar.set('http://site', 'lang', 'en');

  let res = http.get('http://site/form');
  const token = parseHTML(res.body).find('input[name=csrf]').first().attr('value-');
  res = res.submitForm({ formSelector: '#login', fields: { user: 'me', csrf: token } });
  check(res, {
    'has a session': (r) => jar.cookiesForURL(r.url).session.length > 0,
    'was sent': (r) => r.request.method === 'SUBMIT',
  });

  res.html().find('a.page').each(function (index, link) {
    const page = http.get(`http://site/${link}/${index}`);
    check(page, { 'page is fine': (p) => p.status === 200 });
  });
}
