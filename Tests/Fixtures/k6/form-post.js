// Forms: of fields, with a file, and the one that a page shows.
import http from 'k6/http';
import { check } from 'k6';

export const options = { iterations: 3 };

const base = __ENV.BASE_URL;

export default function () {
  const login = http.post(`${base}/post`, { username: 'ann o\'neill', password: 'a&b=c' });
  check(login, {
    'form is encoded': (r) =>
      r.json('headers.Content-Type') === 'application/x-www-form-urlencoded',
    'name arrived': (r) => r.json('form.username') === 'ann o\'neill',
    'password arrived': (r) => r.json('form.password') === 'a&b=c',
  });

  const upload = http.post(`${base}/post`, {
    title: 'report',
    report: http.file('1,2,3\n', 'report.csv', 'text/csv'),
  });
  check(upload, {
    'file arrived': (r) => r.json('files.report') === '1,2,3\n',
    'field beside the file arrived': (r) => r.json('form.title') === 'report',
  });

  const page = http.get(`${base}/forms/post`);
  const sent = page.submitForm({ fields: { custname: 'Ann' } });
  check(sent, {
    'form of the page is sent': (r) => r.status === 200 && r.url.endsWith('/post'),
    'filled field arrived': (r) => r.json('form.custname') === 'Ann',
  });
}
