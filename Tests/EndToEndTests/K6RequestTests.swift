import TestSupport
import XCTest

/// Requests as k6 makes them: URLs, cookies, redirects.
final class K6RequestTests: XCTestCase {
  private func run(
    _ body: String, thresholds: String = "", file: StaticString = #filePath, line: UInt = #line
  ) throws {
    let nginx = try NginxServer()
    let directory = try TemporaryDirectory()
    let path = try directory.write(
      "script.js",
      """
      import http from 'k6/http';
      import { check } from 'k6';
      const base = '\(nginx.url)';
      export const options = { vus: 1, iterations: 2,
        thresholds: { checks: ['rate==1'], \(thresholds) } };
      export default function () {
      \(body)
      }
      """)
    let run = try ChildProcess(product: "throng", ["run", path, "-q"])
    let code = try run.waitForExit(seconds: 60)
    XCTAssertEqual(code, 0, run.output + run.errors, file: file, line: line)
  }

  func test_whatIsNoURL_isNoRequest() throws {
    try run(
      """
      for (const [url, code] of [[undefined, 1020], [null, 1020], ['/relative', 1000],
        ['127.0.0.1:1/x', 1020], ['localhost:1/x', 1000], ['http://h/\\t', 1020]]) {
        const none = http.get(url);
        check(none, { [`${url} has its code`]: (r) => r.status === 0 && r.error_code === code });
      }
      const spaced = http.get(`${base}/json?q=a b|c`);
      check(spaced, {
        'is sent': (r) => r.status === 200 && r.error_code === 0,
        'is encoded': (r) => r.url === `${base}/json?q=a%20b%7Cc`,
      });
      """,
      thresholds: "http_reqs: ['count==2'], 'http_reqs{method:GET}': ['count==2']")
  }

  func test_cookiesOfARequest_andItsJar() throws {
    try run(
      """
      const echo = `${base}/cookie-echo`;
      const sent = (params) => http.get(echo, params).body.trim();
      http.get(`${base}/cookie`);
      const own = sent({});
      const beside = sent({ cookies: { session: 'n' } });
      const instead = sent({ cookies: { session: { value: 'n', replace: true } } });
      const jar = new http.CookieJar();
      const empty = sent({ jar });
      http.get(`${base}/cookie`, { jar });
      const filled = sent({ jar });
      jar.set(base, 'session', '', { expires: 'Tue, 09 Nov 1999 23:12:40 GMT' });
      const gone = sent({ jar });
      check(null, {
        'own': () => own === 'session=abc123',
        'beside': () => beside === 'session=n; session=abc123',
        'instead': () => instead === 'session=n',
        'empty': () => empty === '', 'filled': () => filled === own, 'gone': () => gone === '',
      });
      """)
  }

  func test_lastRedirect_isTheAnswer() throws {
    try run(
      """
      const last = http.get(`${base}/redirect-loop`, { redirects: 3 });
      check(last, { 'is a redirect': (r) => r.status === 302 && r.error === '' });
      """,
      thresholds: "http_reqs: ['count==8'], http_req_failed: ['rate==0']")
  }
}
