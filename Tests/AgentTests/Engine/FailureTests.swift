import Foundation
import Shared
import TestSupport
import XCTest

@testable import Agent

/// Failures are results: each with its reason, none of them the end of anything else.
final class FailureTests: XCTestCase {
  private func reasons(
    _ url: String, iterations: Int = 1, reads: Bool = false,
    _ change: (inout HTTPSettings) -> Void = { _ in }
  ) throws -> [ErrorReason] {
    var lease = Lease.forTests(clients: 1)
    lease.goal = LoadGoal(iterations: iterations, durationSecs: nil)
    change(&lease.http)
    let check = reads ? #","check":[{"bodyContains":"x"}]"# : ""
    let steps = #"{"request":{"url":"\#(url)"}\#(check)}"#
    let harness = try EngineHarness(steps: steps, lease: lease)
    let rows = harness.run()
    for row in rows where row.error != .none { XCTAssertFalse(row.success) }
    return rows.map(\.error)
  }

  func test_refusedConnection() throws {
    let port = try FreePort.refusing()
    XCTAssertEqual(
      try reasons("http://127.0.0.1:\(port)/", iterations: 3),
      [.connectRefused, .connectRefused, .connectRefused])
  }

  func test_unknownHost() throws {
    XCTAssertEqual(try reasons("http://no-such-host.invalid/"), [.dns])
  }

  func test_resetMidBody() throws {
    let server = try RawServer.resetsMidBody()
    XCTAssertEqual(
      try reasons("http://127.0.0.1:\(server.port)/", iterations: 2), [.reset, .reset])
  }

  func test_closeWithoutAnswer() throws {
    let server = try EngineServer { _ in nil }
    XCTAssertEqual(try reasons(server.url("/")), [.reset])
  }

  func test_targetThatNeverAnswers() throws {
    let server = try RawServer.neverAnswers()
    let url = "http://127.0.0.1:\(server.port)/"
    XCTAssertEqual(
      try reasons(url, iterations: 2) { $0.requestTimeoutMs = 50 }, [.timeout, .timeout])
  }

  func test_silenceOnAKeptConnection_isATimeout_notOneOfConnecting() throws {
    let server = try RawServer { stream in
      _ = try stream.read()
      try stream.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
      while try stream.read() != nil {}
    }
    let url = "http://127.0.0.1:\(server.port)/"
    XCTAssertEqual(
      try reasons(url, iterations: 2) { $0.requestTimeoutMs = 50 }, [.none, .timeout])
  }

  func test_nonsense() throws {
    let server = try RawServer.talksNonsense()
    XCTAssertEqual(try reasons("http://127.0.0.1:\(server.port)/"), [.protocolError])
  }

  func test_plainServer_onTLS() throws {
    let server = try RawServer.talksNonsense()
    XCTAssertEqual(try reasons("https://127.0.0.1:\(server.port)/"), [.tls])
  }

  func test_bodyBeyondTheBound() throws {
    let server = try EngineServer { _ in
      EngineServer.response(200, String(repeating: "x", count: 5_000))
    }
    XCTAssertEqual(
      try reasons(server.url("/"), iterations: 2, reads: true) { $0.bodyBytesMax = 1_000 },
      [.bodyTooLarge, .bodyTooLarge])
    XCTAssertEqual(
      try reasons(server.url("/"), reads: true) { $0.bodyBytesMax = 5_000 }, [.none])
    // A body that nobody reads takes no memory, however large it is.
    XCTAssertEqual(try reasons(server.url("/")) { $0.bodyBytesMax = 1_000 }, [.none])
  }

  func test_redirectToAnotherScheme_isNotFollowed() throws {
    let server = try EngineServer { _ in
      EngineServer.response(302, headers: ["Location: file:///etc/hostname"])
    }
    XCTAssertEqual(try reasons(server.url("/")), [.none, .invalidRequest])
  }

  func test_serverError_failsWithoutReason() throws {
    let server = try EngineServer { _ in EngineServer.response(503) }
    let harness = try EngineHarness(steps: #"{"request":{"url":"\#(server.url("/"))"}}"#)
    let rows = harness.run()
    XCTAssertEqual(rows.map(\.error), [.none])
    XCTAssertEqual(rows.map(\.success), [false])
    XCTAssertEqual(rows.map(\.status), [503])
  }

  func test_manyUnsendableRequests_letOtherClientsGoOn() throws {
    let steps = #"{"request":{"url":"${missing}/"}, "extract":{"missing":{"header":"X"}}}"#
    var lease = Lease.forTests(clients: 2)
    lease.goal = LoadGoal(iterations: 500, durationSecs: nil)
    let harness = try EngineHarness(steps: steps, lease: lease)
    let rows = harness.run()
    XCTAssertEqual(rows.count, 1_000)
    XCTAssertEqual(Set(rows.map(\.error)), [.invalidRequest])
    XCTAssertEqual(harness.iterations.filter(\.failed).count, 1_000)
  }
}
