import Foundation
import Shared
import XCTest

@testable import Agent

/// What k6's options settle of requests, as a server sees it.
final class CodeRequestSettingsTests: XCTestCase {
  private static func script(_ url: String) -> String {
    """
    module.exports = async () => {
      await http.get('\(url)');
      await http.get('\(url)');
    };
    """
  }

  private func server() throws -> EngineServer {
    try EngineServer { _ in
      EngineServer.response(200, "hello", headers: ["Set-Cookie: a=1; Path=/"])
    }
  }

  private func cookies(isK6: Bool) throws -> [String?] {
    let server = try server()
    let harness = try EngineHarness(
      code: Self.script(server.url("/")), lease: .forTests(clients: 1, iterations: 2), isK6: isK6)
    _ = harness.run()
    return server.seen.map { $0.headers["cookie"] }
  }

  func test_cookies_lastForAnIterationInK6_andForAClientElsewhere() throws {
    XCTAssertEqual(try cookies(isK6: true), [nil, "a=1", nil, "a=1"])
    XCTAssertEqual(try cookies(isK6: false), [nil, "a=1", "a=1", "a=1"])
  }

  func test_cookieOfTheJar_isSentWithTheFirstRequest() throws {
    let server = try server()
    let harness = try EngineHarness(
      code: """
        module.exports = async () => {
          const jar = http.cookieJar();
          jar.set('\(server.url("/"))', 'b', '2');
          check(jar.cookiesForURL('\(server.url("/"))'), { jar: (all) => all.b[0] === '2' });
          await http.get('\(server.url("/"))');
        };
        """, lease: .forTests(clients: 1, iterations: 2), isK6: true)
    _ = harness.run()
    XCTAssertEqual(server.seen.map { $0.headers["cookie"] }, ["b=2", "b=2"])
    XCTAssertEqual(harness.checks, ["jar": [2, 0]])
  }

  func test_connections_areKept_unlessTheyAreNotToBe() throws {
    for reuses in [true, false] {
      let server = try server()
      var lease = Lease.forTests(clients: 1)
      lease.http.reusesConnections = reuses
      let harness = try EngineHarness(code: Self.script(server.url("/")), lease: lease)
      _ = harness.run()
      XCTAssertEqual(server.seen.map(\.connection), reuses ? [0, 0] : [0, 1])
    }
  }

  func test_userAgent_isWhatItIsSetTo() throws {
    for (given, sent) in [(nil, "throng/\(throngVersion)"), ("me/1", "me/1"), ("", nil)]
      as [(String?, String?)]
    {
      let server = try server()
      var lease = Lease.forTests(clients: 1)
      lease.http.userAgent = given
      let harness = try EngineHarness(code: Self.script(server.url("/")), lease: lease)
      _ = harness.run()
      XCTAssertEqual(server.seen.map { $0.headers["user-agent"] }, [sent, sent])
    }
  }

  /// `@unchecked Sendable`: guarded by `lock`.
  private final class Occupancy: @unchecked Sendable {
    private let lock = NSLock()
    private var now = 0
    private(set) var most = 0

    func enter() {
      lock.withLock {
        now += 1
        most = max(most, now)
      }
    }

    func leave() { lock.withLock { now -= 1 } }
  }

  func test_batch_keepsToItsBoundsPerHostAndInAll() throws {
    for (batch, perHost, wanted) in [(20, 2, 2), (3, 6, 3)] {
      let occupancy = Occupancy()
      let full = DispatchSemaphore(value: 0)
      let gate = DispatchSemaphore(value: 0)
      let server = try EngineServer { _ in
        occupancy.enter()
        full.signal()
        gate.wait()
        occupancy.leave()
        return EngineServer.response()
      }
      let other = try EngineServer { _ in EngineServer.response() }
      let harness = try EngineHarness(
        code: """
          module.exports = async () => {
            const urls = Array.from({ length: 8 }, (_, i) => `\(server.url("/"))${i}`);
            const found = await http.batch([...urls, '\(other.url("/"))']);
            check(found, { all: (all) => all.length === 9 && all.every((r) => r.status === 200) });
          };
          """, settings: #"{"batch":\#(batch),"batchPerHost":\#(perHost)}"#)
      harness.begin()
      for _ in 0..<wanted { full.wait() }
      // One whose host is not busy need not wait for the others, if there is room in all.
      if batch == 20 {
        harness.wait("the other host's request") { rows, _ in rows.count == 1 }
        XCTAssertEqual(other.seen.count, 1)
      }
      for _ in 0..<8 { gate.signal() }
      harness.waitForEnd()
      XCTAssertEqual(occupancy.most, wanted)
      XCTAssertEqual(harness.checks, ["all": [1, 0]])
    }
  }
}
