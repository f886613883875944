import Foundation
import Shared
import TestSupport
import XCTest

@testable import Agent

/// Cookies as servers see them.
final class CookieWireTests: XCTestCase {
  /// Answers `/set?…` with the query as `Set-Cookie`, its parts separated by `&`; `/go?…` likewise,
  /// with a redirect to `/end`.
  private func server() throws -> EngineServer {
    try EngineServer { request in
      let parts = request.path.split(separator: "?", maxSplits: 1)
      let lines =
        parts.count < 2
        ? []
        : parts[1].split(separator: "&").map {
          "Set-Cookie: \(String($0).removingPercentEncoding ?? "")"
        }
      guard parts[0].hasSuffix("/go") else { return EngineServer.response(headers: lines) }
      return EngineServer.response(302, headers: lines + ["Location: /end"])
    }
  }

  /// Runs a script with `base`, `get`, which takes paths, and `show`, which logs, and returns what
  /// the server was sent as `Cookie`, and the logs.
  private func run(_ script: String, isK6: Bool = true) throws -> (sent: [String], logs: [String]) {
    let server = try server()
    let harness = try EngineHarness(
      code: """
        const base = '\(server.url(""))';
        const get = (path, params) => http.get(base + path, params);
        const show = (value) => log.info('=' + JSON.stringify(value));
        module.exports = async () => { \(script) };
        """, isK6: isK6)
    _ = harness.run()
    let failures = harness.logs.filter { $0.level == .error }.map(\.message)
    XCTAssertEqual(failures, [])
    return (
      server.seen.map { $0.headers["cookie"] ?? "-" },
      harness.logs.map(\.message).filter { $0.hasPrefix("=") }.map { String($0.dropFirst()) }
    )
  }

  func test_cookiesOfARedirect_areSentWithItsNextHop() throws {
    let found = try run(
      "await get('/go?a=1&b=2; Path=/x'); await get('/x'); await get('/go?a=; Max-Age=0');")
    XCTAssertEqual(found.sent, ["-", "a=1", "b=2; a=1", "a=1", "-"])
  }

  func test_pathsAndAges() throws {
    let found = try run(
      """
      await get('/foo/set?a=1; Path=/foo&b=2; Path=%22/%22&c=3; Path=x&d=4; Max-Age=soon');
      for (const path of ['/foo', '/foobar', '/foo/bar', '/']) await get(path);
      http.cookieJar().clear(base + '/foo/set');
      await get('/foo/bar');
      """)
    let all = "a=1; b=2; c=3; d=4"
    XCTAssertEqual(found.sent, ["-", all, "-", all, "-", "-"])
  }

  func test_manyCookies_areAllKept() throws {
    let found = try run(
      """
      for (let i = 0; i < 4; i += 1) {
        await get('/set?' + Array.from({ length: 50 }, (_, n) => `c${i * 50 + n}=v`).join('&'));
      }
      await get('/');
      show(Object.keys(http.cookieJar().cookiesForURL(base)).length);
      """)
    XCTAssertEqual(
      found.sent.last?.split(separator: " ").count, 200)
    XCTAssertEqual(found.logs, ["200"])
  }

  func test_cookiesOfARequest_stayBesideThoseOfTheJar_orReplaceThem() throws {
    let found = try run(
      """
      await get('/set?k=v&l=w');
      await get('/', { cookies: { k: { value: 'n', replace: true } } });
      await get('/', { cookies: { k: { value: 'n' }, m: 5, none: null } });
      await get('/go', { cookies: { k: { Value: 'n', REPLACE: true } } });
      await get('/', { cookies: { k: 'n' }, headers: { Cookie: 'h=1' } });
      await get('/');
      """)
    XCTAssertEqual(
      found.sent,
      [
        "-", "k=n; l=w", "k=n; m=5; k=v; l=w", "k=n; l=w", "k=n; l=w", "h=1; k=n; k=v; l=w",
        "k=v; l=w",
      ])
  }

  func test_jarOfARequest_isUsedInsteadOfTheClients() throws {
    let found = try run(
      """
      await get('/set?own=1');
      const jar = new http.CookieJar();
      await get('/', { jar });
      show(jar.set(base, 'mine', '2'));
      await get('/go?got=3', { jar, cookies: { once: '4' } });
      await get('/', { jar });
      await get('/');
      show(jar.cookiesForURL(base));
      show(http.cookieJar().cookiesForURL(base));
      await get('/', { jar: http.cookieJar() });
      await get('/', { jar: {} });
      await get('/', { jar: null });
      """)
    XCTAssertEqual(
      found.sent,
      [
        "-", "-", "once=4; mine=2", "once=4; mine=2; got=3", "mine=2; got=3", "own=1", "own=1",
        "own=1", "own=1",
      ])
    XCTAssertEqual(
      found.logs, ["true", #"{"mine":["2"],"got":["3"]}"#, #"{"own":["1"]}"#])
  }

  func test_jarsOfScripts_setAndRemove() throws {
    for jar in ["http.cookieJar()", "new http.CookieJar()"] {
      let found = try run(
        """
        const jar = \(jar);
        const send = (path) => get(path, { jar });
        jar.set(base, 'a', '1');
        jar.set(base + '/d/e', 'b', '2');
        jar.set(base, 'c', '3', { path: '/p', max_age: 60, secure: true, http_only: true });
        jar.set(base, 'd', '4', { domain: 'elsewhere.test' });
        jar.set(base, 'e', 'x y');
        for (const path of ['/', '/d/x', '/dx', '/p/q', '/pq']) await send(path);
        show(jar.cookiesForURL(base + '/d/'));
        jar.set(base, 'a', 'gone', { expires: 'Tue, 09 Nov 1999 23:12:40 GMT' });
        jar.set(base + '/d/e', 'b', '', { max_age: -1 });
        jar.set(base, 'e', 'z', { Expires: 'Tue, 09 Nov 2099 23:12:40 GMT', max_age: 0 });
        await send('/d/x');
        jar.delete(base, 'e');
        await send('/d/x');
        for (const bad of [() => jar.set('/x', 'a', '1'), () => jar.delete(base, ''),
          () => jar.set(base, 'a', '1', { expires: 'soon' }), () => jar.cookiesForURL('x')]) {
          try { bad(); show('no error'); } catch (error) { show(error.message); }
        }
        """)
      let rest = #"a=1; e="x y""#
      XCTAssertEqual(
        found.sent, [rest, "b=2; \(rest)", rest, "c=3; \(rest)", rest, "e=z", "-"], jar)
      XCTAssertEqual(
        found.logs,
        [
          #"{"b":["2"],"a":["1"],"e":["x y"]}"#,
          #""the URL must begin with http:// or https://""#,
          #""the name of the cookie to delete is missing""#,
          #""expires: 'soon' is not a date""#,
          #""the URL must begin with http:// or https://""#,
        ], jar)
    }
  }

  func test_cookies_doNotGoToOtherHosts() throws {
    let other = try EngineServer { _ in EngineServer.response(headers: ["Set-Cookie: o=1"]) }
    let place = "http://localhost:\(other.port)/"
    let server = try EngineServer { _ in
      EngineServer.response(302, headers: ["Set-Cookie: s=1", "Location: \(place)"])
    }
    let harness = try EngineHarness(
      code: """
        module.exports = async () => {
          const params = { cookies: { own: '1' }, headers: { Cookie: 'h=1' } };
          for (let i = 0; i < 2; i += 1) await http.get('\(server.url("/"))', params);
        };
        """)
    XCTAssertEqual(harness.run().map(\.status), [302, 200, 302, 200])
    XCTAssertEqual(server.seen.map { $0.headers["cookie"] }, ["h=1; own=1", "h=1; own=1; s=1"])
    XCTAssertEqual(other.seen.map { $0.headers["cookie"] }, [nil, "o=1"])
  }

  func test_responseCookies_asScriptsSeeThem() throws {
    let found = try run(
      """
      const r = await get('/set?a=%22x y%22; Max-Age=60; Path=/p; Secure&b=1; Max-Age=soon&c=');
      show(Object.keys(r.cookies));
      show([r.cookies.a[0].value, r.cookies.a[0].max_age, r.cookies.a[0].path]);
      show([r.cookies.b[0].max_age, r.cookies.c[0].value]);
      """)
    XCTAssertEqual(found.logs, [#"["a","b","c"]"#, #"["x y",60,"/p"]"#, #"[0,""]"#])
  }

  func test_stepsKeepCookies() throws {
    let server = try server()
    let urls = ["/go?a=1", "/x/set?b=2", "/x/y", "/"].map {
      #"{"request":{"url":"\#(server.url($0))"}}"#
    }
    _ = try EngineHarness(
      steps: urls.joined(separator: ","), lease: .forTests(clients: 1, iterations: 2)
    ).run()
    XCTAssertEqual(
      server.seen.map { $0.headers["cookie"] ?? "-" },
      ["-", "a=1", "a=1", "b=2; a=1", "a=1", "a=1", "a=1", "b=2; a=1", "b=2; a=1", "a=1"])
  }

  func test_cookiesAndRedirects_overHTTP2() throws {
    let nginx = try NginxServer()
    let url = nginx.tlsURL
    var lease = Lease.forTests(clients: 1)
    lease.http.caPEM = try String(contentsOfFile: nginx.caFile, encoding: .utf8)
    let harness = try EngineHarness(
      code: """
        module.exports = async () => {
          await http.get('\(url)/cookie');
          await http.get('\(url)/cookie-echo', { cookies: { own: '1' } });
          const last = await http.get('\(url)/redirect-307');
          check(last, { arrives: (r) => r.status === 200 && r.url === '\(url)/json',
            protocol: (r) => r.proto === 'HTTP/2.0' });
        };
        """, lease: lease)
    XCTAssertEqual(harness.run().map(\.status), [200, 200, 307, 200])
    XCTAssertEqual(harness.checks, ["arrives": [1, 0], "protocol": [1, 0]])
    XCTAssertEqual(
      try nginx.accessLog().map(\.cookie),
      ["-", "own=1; session=abc123", "session=abc123", "session=abc123"])
  }
}
