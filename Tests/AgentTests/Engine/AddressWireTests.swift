import Foundation
import Shared
import TestSupport
import XCTest

@testable import Agent

/// URLs and redirects as servers see them.
final class AddressWireTests: XCTestCase {
  /// Requests of a `Code` script, which logs what it is told of each.
  private func logs(_ requests: String) throws -> (logs: [String], harness: EngineHarness) {
    let harness = try EngineHarness(
      code: """
        const tell = async (sent) => {
          const r = await sent;
          log.info([r.status, r.error_code, r.url, r.error].join(' '));
        };
        module.exports = async () => { \(requests) };
        """)
    _ = harness.run()
    return (harness.logs.map(\.message), harness)
  }

  func test_forbiddenCharacters_areSentPercentEncoded() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    let base = "http://127.0.0.1:\(server.port)"
    let found = try logs(
      """
      await tell(http.get('\(base)/a b?c d'));
      await tell(http.get('\(base)/\u{e9}|{}?[\u{fc}]', { headers: { X: '1' } }));
      await tell(http.get('\(base)/plain?x'));
      """)
    XCTAssertEqual(
      server.seen.map(\.path), ["/a%20b?c%20d", "/%C3%A9%7C%7B%7D?%5B%C3%BC%5D", "/plain?x"])
    XCTAssertEqual(
      found.logs, server.seen.map { "200 0 \(base)\($0.path) " })
    XCTAssertEqual(
      found.harness.resources,
      ["GET \(base)/a b?c d", "GET \(base)/\u{e9}|{}?[\u{fc}]", "GET \(base)/plain?x"])
  }

  func test_templatesOfSteps_areSentPercentEncoded() throws {
    let server = try EngineServer { _ in
      EngineServer.response(200, "", headers: ["X-Next: a b/\u{e9}"])
    }
    let url = server.url("/")
    let harness = try EngineHarness(
      steps: """
        {"request":{"url":"\(url)"},"extract":{"next":{"header":"X-Next"}}},
        {"request":{"url":"\(url)${next}"}}
        """)
    XCTAssertEqual(harness.run().map(\.error), [.none, .none])
    XCTAssertEqual(server.seen.map(\.path), ["/", "/a%20b/%C3%A9"])
  }

  func test_namesInOtherLetters_areAskedForInPunycode() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    let found = try logs("await tell(http.get('http://b\u{fc}cher.localhost:\(server.port)/'));")
    let host = "xn--bcher-kva.localhost:\(server.port)"
    XCTAssertEqual(server.seen.map { $0.headers["host"] }, [host])
    XCTAssertEqual(found.logs, ["200 0 http://\(host)/ "])
  }

  func test_whatIsNoURL_isNoRequest_andHasTheCodeOfK6() throws {
    let found = try logs(
      """
      await tell(http.get(undefined));
      await tell(http.get(null));
      await tell(http.post(5, 'x'));
      await tell(http.get('/relative'));
      await tell(http.get('www.shop.test/x'));
      await tell(http.get('127.0.0.1:80/x'));
      await tell(http.get('http://h/\\r\\nX: y'));
      await tell(http.get('ftp://h/'));
      """)
    XCTAssertEqual(
      found.logs.map { $0.split(separator: " ").prefix(2).joined(separator: " ") },
      ["0 1020", "0 1020", "0 1020", "0 1000", "0 1000", "0 1020", "0 1020", "0 1000"])
    XCTAssertEqual(Set(found.harness.requests.map(\.error)), [.invalidRequest])
  }

  func test_userAndPassword_areSentInUTF8() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    let end = "127.0.0.1:\(server.port)/"
    _ = try logs(
      """
      await http.get('http://\u{fc}ser:p\u{e4}ss\u{20ac}@\(end)', { auth: 'basic' });
      await http.get('http://%C3%BCser:p%40%3a@\(end)', { auth: 'basic' });
      await http.get('http://a@b:c@\(end)', { auth: 'basic' });
      await http.get('http://%E9:%25%zz@\(end)', { auth: 'basic' });
      await http.get('http://\u{fc}ser:p\u{e4}ss\u{20ac}@\(end)');
      await http.get('http://us%40er:p%3Aw@\(end)');
      """)
    let sent =
      ["\u{fc}ser:p\u{e4}ss\u{20ac}", "\u{fc}ser:p@:", "a@b:c"].map { Array($0.utf8) }
      + [[0xe9] + Array(":%%zz".utf8)]
      + ["\u{fc}ser:p\u{e4}ss\u{20ac}", "us@er:p:w"].map { Array($0.utf8) }
    XCTAssertEqual(
      server.seen.map { $0.headers["authorization"] },
      sent.map { "Basic \(Data($0).base64EncodedString())" })
    XCTAssertEqual(Set(server.seen.map { $0.headers["host"] }), ["127.0.0.1:\(server.port)"])
  }

  // MARK: redirects

  /// The paths that a server is asked for when it answers the first request like this.
  private func paths(_ status: Int, _ location: String) throws -> [String] {
    let server = try EngineServer { request in
      request.path == "/d/e"
        ? EngineServer.response(status, headers: ["Location: \(location)"])
        : EngineServer.response()
    }
    let steps = #"{"request":{"url":"\#(server.url("/d/e"))"}}"#
    let rows = try EngineHarness(steps: steps).run()
    XCTAssertEqual(Set(rows.map(\.error)), [.none], location)
    return server.seen.dropFirst().map(\.path)
  }

  func test_otherStatuses_areNotFollowed() throws {
    for status in [300, 304, 305, 306, 309, 399] {
      XCTAssertEqual(try paths(status, "/x"), [], "\(status)")
    }
    for status in [301, 302, 303, 307, 308] {
      XCTAssertEqual(try paths(status, "/x"), ["/x"], "\(status)")
    }
  }

  func test_locations_areResolvedAndEncoded() throws {
    for (location, wanted) in [
      ("/a b", "/a%20b"), ("../x", "/x"), ("y?z", "/d/y?z"), ("?z", "/d/e?z"),
      ("/\u{e9}", "/%C3%A9"), ("localhost:80/x", "/d/localhost:80/x"),
      ("127.0.0.1:80/x", "/d/127.0.0.1:80/x"), ("/x#y", "/x"),
    ] {
      XCTAssertEqual(try paths(302, location), [wanted], location)
    }
    XCTAssertEqual(try paths(302, ""), [])
  }

  func test_absoluteLocationWithSpaces_andBytesThatAreNoText() throws {
    let port = Box()
    let server = try RawServer { stream in
      var isFirst = true
      while let bytes = try stream.read() {
        port.paths.append(String(decoding: bytes.split(separator: 0x20)[1], as: UTF8.self))
        let place = Array("HTTP/1.1 302 X\r\nlocation:  http://127.0.0.1:\(port.value)/a ".utf8)
        try stream.write(
          isFirst
            ? place + [0xe9] + Array(" b\r\nContent-Length: 0\r\n\r\n".utf8)
            : Array("HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n".utf8))
        isFirst = false
      }
    }
    port.value = server.port
    let rows = try EngineHarness(
      steps: #"{"request":{"url":"http://127.0.0.1:\#(server.port)/"}}"#
    ).run()
    XCTAssertEqual(rows.map(\.status), [302, 200])
    XCTAssertEqual(port.paths, ["/", "/a%20%E9%20b"])
  }

  /// `@unchecked Sendable`: used by one connection, and read once it is over.
  private final class Box: @unchecked Sendable {
    var value: UInt16 = 0
    var paths: [String] = []
  }

  func test_hops_nameTheOneBefore_asInK6() throws {
    let server = try EngineServer { request in
      guard request.path != "/111" else { return EngineServer.response() }
      return EngineServer.response(302, headers: ["Location: \(request.path)1"])
    }
    let place = "127.0.0.1:\(server.port)"
    _ = try logs(
      """
      await http.get('http://u:p@\(place)/1#x');
      await http.get('http://\(place)/1', { headers: { Referer: 'mine' } });
      """)
    XCTAssertEqual(
      server.seen.map { $0.headers["referer"] },
      [nil, "http://\(place)/1", "http://\(place)/11", "mine", "mine", "mine"])
    let steps = #"{"request":{"url":"\#(server.url("/1"))"}}"#
    _ = try EngineHarness(steps: steps).run()
    XCTAssertEqual(server.seen.suffix(3).map { $0.headers["referer"] }, [nil, nil, nil])
  }

  func test_credentials_doNotGoToAnotherHost() throws {
    let other = try EngineServer { _ in EngineServer.response() }
    let server = try EngineServer { request in
      let place = request.path == "/" ? "/stay" : other.url("/")
      return EngineServer.response(302, headers: ["Location: \(place)"])
    }
    _ = try logs(
      """
      await http.get('\(server.url("/"))', { headers: {
        Authorization: 'a', 'Proxy-Authorization': 'b', 'X-Other': 'c' } });
      """)
    XCTAssertEqual(server.seen.map { $0.headers["proxy-authorization"] }, ["b", "b"])
    XCTAssertEqual(server.seen.map { $0.headers["authorization"] }, ["a", "a"])
    XCTAssertEqual(other.seen.map { $0.headers["x-other"] }, ["c"])
    XCTAssertEqual(other.seen.map { $0.headers["proxy-authorization"] }, [nil])
    XCTAssertEqual(other.seen.map { $0.headers["authorization"] }, [nil])
  }

  func test_atTheLimit_scriptsOfK6GetTheLastRedirect() throws {
    let server = try EngineServer { request in
      EngineServer.response(302, "hop", headers: ["Location: \(request.path)x"])
    }
    let base = "http://127.0.0.1:\(server.port)"
    let found = try logs(
      """
      await tell(http.get('\(base)/'));
      await tell(http.get('\(base)/', { redirects: 2 }));
      await tell(http.get('\(base)/', { redirects: 0 }));
      """)
    XCTAssertEqual(
      found.logs.filter { !$0.hasPrefix("stopped") },
      ["302 0 \(base)/xxxxxxxxxx ", "302 0 \(base)/xx ", "302 0 \(base)/ "])
    XCTAssertEqual(found.logs.filter { $0.hasPrefix("stopped after 10 redirects") }.count, 1)
    XCTAssertEqual(server.seen.count, 11 + 3 + 1)
    XCTAssertEqual(Set(found.harness.requests.map(\.error)), [.none])
  }
}
