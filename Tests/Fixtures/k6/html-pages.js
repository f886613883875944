// Pages are read like a browser's: links followed, elements counted, texts found.
import http from 'k6/http';
import { check } from 'k6';
import { parseHTML } from 'k6/html';

export const options = { iterations: 2 };

const base = __ENV.BASE_URL;

export default function () {
  const page = http.get(`${base}/links/5/0`);
  const links = page.html('a');
  check(links, {
    'four links': (all) => all.size() === 4,
    'first leads to page 1': (all) => all.first().attr('href') === '/links/5/1',
  });

  const paths = [];
  links.each((index, element) => paths.push(element.getAttribute('href')));
  paths.slice(0, 2).forEach((path) => {
    const res = http.get(base + path);
    check(res, { 'linked page is there': (r) => r.html('body').text().includes('4') });
  });

  const clicked = page.clickLink({ selector: 'a:nth-child(2)' });
  check(clicked, { 'click leads on': (r) => r.url === `${base}/links/5/2` });

  const title = parseHTML(http.get(`${base}/html`).body).find('h1').text();
  check(title, { 'title is found': (text) => text === 'Herman Melville - Moby-Dick' });
}
