import Shared
import TestSupport
import XCTest

@testable import Agent

/// Requests over real loopback connections: what arrives, and what is recorded.
final class ExchangeTests: XCTestCase {
  private func lease(
    clients: Int = 1, iterations: Int = 1, _ change: (inout Lease) -> Void = { _ in }
  ) -> Lease {
    var lease = Lease.forTests(clients: clients)
    lease.goal = LoadGoal(iterations: iterations, durationSecs: nil)
    change(&lease)
    return lease
  }

  private func get(_ url: String) -> String { #"{"request":{"url":"\#(url)"}}"# }

  func test_rowOfARequest_holdsWhatWasMeasured() throws {
    let server = try EngineServer { _ in EngineServer.response(200, "hello") }
    let before = Clock.wallMicros()
    let harness = try EngineHarness(steps: get(server.url("/a?b=c#d")))
    let rows = harness.run()
    let row = try XCTUnwrap(rows.first)
    XCTAssertEqual(rows.count, 1)
    XCTAssertEqual(row.status, 200)
    XCTAssertEqual(row.error, .none)
    XCTAssertTrue(row.success)
    XCTAssertTrue((before...Clock.wallMicros()).contains(row.startedAtMicros))
    XCTAssertGreaterThanOrEqual(row.dnsLookupMicros, 0)
    XCTAssertGreaterThan(row.connectionOpenMicros, 0)
    XCTAssertEqual(row.tlsHandshakeMicros, -1)
    XCTAssertGreaterThanOrEqual(row.firstReceivedMicros, row.connectionOpenMicros)
    XCTAssertGreaterThanOrEqual(row.connectionCloseMicros, row.firstReceivedMicros)
    XCTAssertEqual(row.bytesSent, Int64(server.seen[0].bytes))
    XCTAssertEqual(row.bytesReceived, Int64(EngineServer.response(200, "hello").utf8.count))
    XCTAssertEqual(row.dataPacketsSent, 1)
    XCTAssertEqual(row.dataPacketsReceived, 2)
    XCTAssertEqual(harness.resources, ["GET http://127.0.0.1:\(server.port)/a?b=c"])
    XCTAssertEqual(harness.contentTypes, ["text/plain"])
    XCTAssertEqual(server.seen[0].path, "/a?b=c")
    XCTAssertEqual(server.seen[0].headers["user-agent"], "throng/\(throngVersion)")
    XCTAssertEqual(harness.iterations.count, 1)
  }

  func test_eachClient_keepsAConnectionOfItsOwn() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    let harness = try EngineHarness(
      steps: get(server.url("/")), lease: lease(clients: 3, iterations: 4))
    let rows = harness.run()
    XCTAssertEqual(rows.count, 12)
    XCTAssertEqual(Set(server.seen.map(\.connection)).count, 3)
    XCTAssertEqual(Set(rows.map(\.connection)), [0, 1, 2])
    for client in 0..<3 {
      let own = rows.filter { $0.client == client }.sorted { $0.iteration < $1.iteration }
      XCTAssertEqual(Set(own.map(\.connection)).count, 1)
      XCTAssertEqual(own.map(\.iteration), [0, 1, 2, 3])
      for reused in own.dropFirst() {
        XCTAssertEqual(reused.dnsLookupMicros, 0)
        XCTAssertEqual(reused.connectionOpenMicros, 0)
        XCTAssertEqual(reused.tlsHandshakeMicros, -1)
      }
    }
  }

  func test_connectionClosedByTheServer_isMadeAnew() throws {
    let server = try EngineServer { _ in
      EngineServer.response(headers: ["Connection: close"])
    }
    let harness = try EngineHarness(steps: get(server.url("/")), lease: lease(iterations: 3))
    let rows = harness.run()
    XCTAssertEqual(rows.map(\.status), [200, 200, 200])
    XCTAssertEqual(rows.map(\.connection), [0, 1, 2])
  }

  func test_cookies_stayWithTheirClient() throws {
    let server = try EngineServer { request in
      EngineServer.response(headers: ["Set-Cookie: id=c\(request.connection)"])
    }
    let harness = try EngineHarness(
      steps: get(server.url("/")), lease: lease(clients: 2, iterations: 2))
    _ = harness.run()
    for connection in 0..<2 {
      let cookies = server.seen.filter { $0.connection == connection }.map { $0.headers["cookie"] }
      XCTAssertEqual(cookies, [nil, "id=c\(connection)"])
    }
  }

  func test_bodyAndHeaders_arriveAsTheScriptHasThem_andLeaveNothingBehind() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    let harness = try EngineHarness(
      steps: """
        {"request":{"method":"POST","url":"\(server.url("/p"))","body":{"a":1},
          "headers":{"X-One":"1"}}},
        {"request":{"method":"DELETE","url":"\(server.url("/d"))"}},
        {"request":{"method":"HEAD","url":"\(server.url("/h"))"}},
        {"request":{"method":"PUT","url":"\(server.url("/q"))","body":"text"}},
        {"request":{"url":"\(server.url("/g"))"}}
        """)
    let rows = harness.run()
    let seen = server.seen
    XCTAssertEqual(seen.map(\.method), ["POST", "DELETE", "HEAD", "PUT", "GET"])
    XCTAssertEqual(seen.map(\.body), [#"{"a":1}"#, "", "", "text", ""])
    XCTAssertEqual(seen[0].headers["content-type"], "application/json")
    XCTAssertEqual(seen[0].headers["x-one"], "1")
    XCTAssertNil(seen[4].headers["x-one"])
    XCTAssertNil(seen[4].headers["content-length"])
    XCTAssertEqual(rows.map(\.bytesSent), seen.map { Int64($0.bytes) })
    XCTAssertEqual(rows.map(\.dataPacketsSent), [2, 1, 1, 2, 1])
    XCTAssertEqual(rows.map(\.status), [200, 200, 200, 200, 200])
  }

  func test_largeBody_isCountedOnce() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    for length in [60_000, 70_000, 300_000] {
      let body = String(repeating: "x", count: length)
      let harness = try EngineHarness(
        steps: #"{"request":{"method":"POST","url":"\#(server.url("/"))","body":"\#(body)"}}"#)
      let rows = harness.run()
      XCTAssertEqual(rows.map(\.bytesSent), [Int64(server.seen.last?.bytes ?? 0)], "\(length)")
    }
  }

  func test_redirects_areResultsOfTheirOwn() throws {
    let server = try EngineServer { request in
      switch request.path {
      case "/one": EngineServer.response(302, headers: ["Location: /two"])
      case "/two": EngineServer.response(307, headers: ["Location: /three?x=1"])
      default: EngineServer.response(200, "end")
      }
    }
    let harness = try EngineHarness(
      steps: """
        {"request":{"method":"POST","url":"\(server.url("/one"))","body":"b"},
          "check":[{"status":200},{"bodyContains":"end"}]}
        """)
    let rows = harness.run()
    XCTAssertEqual(rows.map(\.status), [302, 307, 200])
    XCTAssertEqual(rows.map(\.success), [true, true, true])
    XCTAssertEqual(server.seen.map(\.method), ["POST", "GET", "GET"])
    XCTAssertEqual(
      harness.resources,
      ["POST /one", "GET /two", "GET /three?x=1"].map {
        $0.replacingOccurrences(of: " ", with: " http://127.0.0.1:\(server.port)")
      })
    XCTAssertEqual(harness.checks.values.map { $0 }, [[1, 0], [1, 0]])
  }

  func test_endlessRedirect_failsAtItsLastHop() throws {
    let server = try EngineServer { _ in
      EngineServer.response(302, headers: ["Location: /again"])
    }
    let harness = try EngineHarness(
      steps: get(server.url("/")), lease: lease { $0.http.redirectsMax = 3 })
    let rows = harness.run()
    XCTAssertEqual(rows.map(\.error), [.none, .none, .none, .tooManyRedirects])
    XCTAssertEqual(server.seen.count, 4)
  }

  func test_compressedBody_isDecodedForTheScript_andCountedAsItCame() throws {
    // "hello hello hello hello" through gzip.
    let packed: [UInt8] = [
      0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9,
      0x57, 0xc8, 0x40, 0x27, 0x01, 0xe3, 0x51, 0x3d, 0x8d, 0x17, 0x00, 0x00, 0x00,
    ]
    let head =
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n"
    let server = try RawServer { stream in
      while try stream.read() != nil { try stream.write(Array(head.utf8) + packed) }
    }
    let harness = try EngineHarness(
      steps: """
        {"request":{"url":"http://127.0.0.1:\(server.port)/"},
          "check":[{"bodyContains":"hello hello hello hello","name":"decoded"}]}
        """)
    let rows = harness.run()
    XCTAssertEqual(rows.map(\.bytesReceived), [Int64(head.utf8.count + packed.count)])
    XCTAssertEqual(harness.checks, ["decoded": [1, 0]])
  }
}
