import Foundation
import Shared
import Synchronization
import XCTest

@testable import Coordinator

/// Bytes that no decent client sends, over real sockets: each gets an answer that blames the
/// client, or none, and the server goes on.
final class HostileWireTests: XCTestCase {
  private var fixture: APIFixture!
  private var server: HTTPServer!
  private var handled: Handled!

  /// What reached the API.
  private final class Handled: Sendable {
    private let all = Mutex<[String]>([])
    func note(_ request: HTTPRequest) {
      all.withLock {
        $0.append("\(request.method) /\(request.path?.joined(separator: "/") ?? "?")")
      }
    }
    var requests: [String] { all.withLock { $0 } }
  }

  override func setUpWithError() throws {
    fixture = try APIFixture()
    handled = Handled()
    let (api, handled) = (fixture.api, handled!)
    var settings = HTTPServer.Settings()
    // Peers that stop in the middle are let go after this.
    settings.timeoutSecs = 1
    server = try HTTPServer(
      address: HostPort(host: "127.0.0.1", port: 0), settings: settings,
      sink: { api.sink(for: $0) }
    ) { request in
      handled.note(request)
      return api.handle(request)
    }
  }

  override func tearDown() {
    server?.stop()
    server = nil
    handled = nil
    fixture = nil
  }

  /// Everything that comes back until the server closes the connection.
  private func exchange(_ bytes: [UInt8], halfClose: Bool = true) throws -> String {
    let client = try SocketClient(port: server.port)
    try? client.send(bytes)
    if halfClose { client.finishWriting() }
    var all: [UInt8] = []
    while true {
      let piece = try client.receive()
      if piece.isEmpty { break }
      all += piece
    }
    return String(decoding: all, as: UTF8.self)
  }

  private func exchange(_ text: String, halfClose: Bool = true) throws -> String {
    try exchange(Array(text.utf8), halfClose: halfClose)
  }

  /// Status of every answer in what came back.
  private func statuses(_ text: String) -> [Int] {
    text.matches(of: #/HTTP/1\.[01] (\d{3}) /#).compactMap { Int($0.1) }
  }

  private func assertServing(line: UInt = #line) throws {
    let answer = try SocketClient(port: server.port).call("GET", "/healthz")
    XCTAssertEqual(answer.status, 200, line: line)
  }

  func test_brokenRequests_areBlamedOnTheClient() throws {
    let host = "Host: x\r\n"
    let long = String(repeating: "a", count: 100_000)
    let cases: [(String, String)] = [
      ("long path", "GET /\(long) HTTP/1.1\r\n\(host)\r\n"),
      ("long header", "GET /scripts HTTP/1.1\r\n\(host)X: \(long)\r\n\r\n"),
      (
        "headers without end",
        "GET /scripts HTTP/1.1\r\n\(host)"
          + (0..<10_000).map { "X\($0): y\r\n" }.joined() + "\r\n"
      ),
      ("no host", "GET /scripts HTTP/1.1\r\n\r\n"),
      ("no method", " /scripts HTTP/1.1\r\n\(host)\r\n"),
      ("strange method", "G\u{1}T /scripts HTTP/1.1\r\n\(host)\r\n"),
      ("no version", "GET /scripts\r\n\(host)\r\n"),
      ("strange version", "GET /scripts HTTP/1.1x\r\n\(host)\r\n"),
      ("header without colon", "GET /scripts HTTP/1.1\r\n\(host)nonsense\r\n\r\n"),
      ("space before colon", "GET /scripts HTTP/1.1\r\n\(host)X : y\r\n\r\n"),
      ("folded header", "GET /scripts HTTP/1.1\r\n\(host)X: y\r\n z\r\n\r\n"),
      ("negative length", "POST /scripts HTTP/1.1\r\n\(host)Content-Length: -5\r\n\r\n{}"),
      ("no length", "POST /scripts HTTP/1.1\r\n\(host)Content-Length: x\r\n\r\n{}"),
      (
        "huge length",
        "POST /scripts HTTP/1.1\r\n\(host)Content-Length: 99999999999999999999\r\n\r\n{}"
      ),
      (
        "two lengths",
        "POST /scripts HTTP/1.1\r\n\(host)Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}"
      ),
      (
        "strange chunk",
        "POST /scripts HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"
      ),
      (
        "huge chunk",
        "POST /scripts HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n"
          + "ffffffffffffffffff\r\n{}\r\n0\r\n\r\n"
      ),
      (
        "chunk without its end",
        "POST /scripts HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n2\r\n{}XX0\r\n\r\n"
      ),
      ("NUL in the target", "GET /scripts\u{0}x HTTP/1.1\r\n\(host)\r\n"),
      ("TLS", "\u{16}\u{3}\u{1}\u{0}\r\n\r\n"), ("empty lines", "\r\n\r\n\r\n"),
    ]
    for (what, text) in cases {
      let answer = try exchange(text)
      for status in statuses(answer) {
        XCTAssertTrue((200..<500).contains(status), "\(what): \(answer.prefix(200))")
      }
      try assertServing()
    }
    XCTAssertEqual(try fixture.call("GET", "/scripts").text, "[]")
  }

  func test_lengthAndChunks_areNeverTwoRequests() throws {
    _ = try fixture.call("POST", "/regions", #"{"name":"kept"}"#)
    let script = try fixture.call("POST", "/scripts", APIFixture.stepsScript).id()
    let smuggled = "DELETE /scripts/\(script) HTTP/1.1\r\nHost: x\r\n\r\n"
    let chunked = "0\r\n\r\n\(smuggled)"
    for headers in [
      "Content-Length: \(chunked.utf8.count)\r\nTransfer-Encoding: chunked\r\n",
      "Transfer-Encoding: chunked\r\nContent-Length: \(chunked.utf8.count)\r\n",
      "Content-Length: \(chunked.utf8.count)\r\nTransfer-Encoding: xchunked\r\n",
      "Content-Length: \(chunked.utf8.count)\r\nTransfer-Encoding : chunked\r\n",
      "Content-Length: \(chunked.utf8.count)\r\nTransfer-Encoding: chunked, identity\r\n",
      "Content-Length: 5\r\nContent-Length: \(chunked.utf8.count)\r\n",
    ] {
      let answer = try exchange("POST /scripts HTTP/1.1\r\nHost: x\r\n\(headers)\r\n\(chunked)")
      XCTAssertLessThanOrEqual(statuses(answer).count, 1, "\(headers)\n\(answer)")
      XCTAssertTrue(statuses(answer).allSatisfy { $0 == 400 }, "\(headers)\n\(answer)")
      XCTAssertFalse(handled.requests.contains { $0.hasPrefix("DELETE") }, headers)
    }
    XCTAssertEqual(try fixture.call("GET", "/scripts/\(script)").status, 200)
    try assertServing()
  }

  func test_oldAndPipelinedRequests_areAnswered() throws {
    let old = try exchange("GET /healthz HTTP/1.0\r\n\r\n")
    XCTAssertEqual(statuses(old), [200])
    XCTAssertTrue(old.hasSuffix("}"), old)
    let streamed = try exchange("GET /executions HTTP/1.0\r\n\r\n")
    XCTAssertEqual(statuses(streamed), [200])
    XCTAssertTrue(streamed.hasSuffix("\r\n\r\n[]"), "without chunks: \(streamed)")
    let get = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    let post =
      "POST /regions HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\n{\"name\":\"a\"}"
    let last = "GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    let piped = try exchange(get + post + get + last, halfClose: false)
    XCTAssertEqual(statuses(piped), [200, 201, 200, 404])
    XCTAssertEqual(
      handled.requests.suffix(4),
      ["GET /healthz", "POST /regions", "GET /healthz", "GET /nothing"])
  }

  func test_manyParameters_areRefused_inAShortAnswer() throws {
    func query(_ count: Int) -> String { (0..<count).map { "\($0)" }.joined(separator: "&") }
    // What does not fit the buffer of a connection is not even parsed.
    let huge = try exchange("GET /scripts?\(query(20_000)) HTTP/1.1\r\nHost: x\r\n\r\n")
    XCTAssertTrue(statuses(huge).allSatisfy { $0 < 500 }, "\(huge.prefix(200))")
    let many = try fixture.call("GET", "/scripts?\(query(10_000))")
    XCTAssertEqual(many.status, 422)
    XCTAssertEqual(try many.badFields().count, Limits.validationErrorsMax)
    let answer = try SocketClient(port: server.port).call("GET", "/scripts?\(query(600))")
    XCTAssertEqual(answer.status, 422)
    XCTAssertEqual(try answer.badFields().count, 600)
    XCTAssertLessThan(answer.body.count, 100_000)
  }
}
