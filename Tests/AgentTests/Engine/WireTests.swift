import Foundation
import Shared
import TestSupport
import XCTest

@testable import Agent

/// What servers do to connections, and what must be said of it.
final class WireTests: XCTestCase {
  private func run(
    _ steps: String, iterations: Int = 1, _ change: (inout Lease) -> Void = { _ in }
  ) throws -> [RequestRow] {
    var lease = Lease.forTests(clients: 1)
    lease.goal = LoadGoal(iterations: iterations, durationSecs: nil)
    change(&lease)
    return try EngineHarness(steps: steps, lease: lease).run()
  }

  private func get(_ url: String) -> String { #"{"request":{"url":"\#(url)"}}"# }

  private func post(_ url: String, _ body: String = "{}") -> String {
    #"{"request":{"url":"\#(url)","method":"POST","body":"\#(body)"}}"#
  }

  // MARK: HTTP/2

  func test_http2OverTLS_bodiesOfAllSizes_arrive() throws {
    let nginx = try NginxServer()
    let steps = NginxServer.bodySizes.map { get("\(nginx.tlsURL)/bytes/\($0)") }
    let rows = try run(steps.joined(separator: ","), iterations: 3) { lease in
      lease.http.caPEM = try? String(contentsOfFile: nginx.caFile, encoding: .utf8)
      lease.http.requestTimeoutMs = 5_000
    }
    XCTAssertEqual(Set(rows.map(\.error)), [.none])
    XCTAssertEqual(rows.count, 3 * NginxServer.bodySizes.count)
    for (row, size) in zip(rows, NginxServer.bodySizes) {
      XCTAssertGreaterThanOrEqual(row.bytesReceived, Int64(size))
    }
    XCTAssertEqual(Set(try nginx.accessLog().map(\.protocolName)), ["HTTP/2.0"])
  }

  func test_clearTextHTTP2_afterATimeout_goesOnOverANewConnection() throws {
    let nginx = try NginxServer()
    let base = "http://127.0.0.1:\(nginx.h2cPort)"
    let slow = #"{"request":{"url":"\#(base)/slower","timeoutMs":100}}"#
    let rows = try run([get(base + "/"), slow].joined(separator: ","), iterations: 3) { lease in
      lease.http.version = .http2
    }
    XCTAssertEqual(rows.map(\.error), [.none, .timeout, .none, .timeout, .none, .timeout])
    XCTAssertEqual(rows.filter { $0.status == 200 && $0.error == .none }.count, 3)
  }

  // MARK: verification

  func test_certificate_isVerifiedWithTheConfiguredAuthority_andNoOther() throws {
    let nginx = try NginxServer()
    let other = try NginxServer()
    func errors(_ file: String?) throws -> Set<ErrorReason> {
      let pem = try file.map { try String(contentsOfFile: $0, encoding: .utf8) }
      let rows = try run(get(nginx.tlsURL + "/"), iterations: 5) { lease in
        lease.http.caPEM = pem
        lease.http.reusesConnections = false
      }
      return Set(rows.map(\.error))
    }
    XCTAssertEqual(try errors(nginx.caFile), [.none])
    XCTAssertEqual(try errors(other.caFile), [.tls])
    XCTAssertEqual(try errors(nil), [.tls])
  }

  // MARK: times

  func test_firstReceived_ofALargeUpload_isTheTimeOfTheResponse() throws {
    let delayMs: Int32 = 60
    let length = 200_000
    let server = try RawServer { stream in
      var seen = 0
      while seen < length, let bytes = try stream.read() { seen += bytes.count }
      // The target takes its time to answer.
      poll(nil, 0, delayMs)
      try stream.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    }
    let body = String(repeating: "u", count: length)
    let rows = try run(post("http://127.0.0.1:\(server.port)/", body))
    XCTAssertEqual(rows.map(\.status), [200])
    XCTAssertGreaterThanOrEqual(rows[0].firstReceivedMicros, delayMs * 1_000)
    XCTAssertLessThanOrEqual(rows[0].firstReceivedMicros, rows[0].connectionCloseMicros)
  }

  func test_firstReceived_ofAnHTTP2Upload_isNotItsStart() throws {
    let nginx = try NginxServer()
    // nginx answers 405 to a POST of a static file, after the request's head.
    let rows = try run(post(nginx.tlsURL + "/json"), iterations: 20) { lease in
      lease.http.caPEM = try? String(contentsOfFile: nginx.caFile, encoding: .utf8)
    }
    for row in rows {
      XCTAssertGreaterThan(row.firstReceivedMicros, 0)
      XCTAssertGreaterThanOrEqual(
        row.firstReceivedMicros, max(0, row.tlsHandshakeMicros), "before the handshake's end")
    }
  }

  // MARK: connections that servers close

  func test_reusedConnectionThatClosesUnderAPost_isAReset_andNothingIsRepeated() throws {
    for method in ["POST", "PATCH"] {
      let server = try EngineServer { request in
        // Every second request of a connection finds it closing.
        request.path == "/warm" ? EngineServer.response() : nil
      }
      let steps =
        get(server.url("/warm"))
        + #",{"request":{"url":"\#(server.url("/act"))","method":"\#(method)","body":"x"}}"#
      let rows = try run(steps, iterations: 5)
      XCTAssertEqual(rows.count { $0.error == .reset }, 5, method)
      XCTAssertEqual(server.seen.count { $0.method == method }, 5, method)
      XCTAssertEqual(rows.count { $0.status == 200 }, 5, method)
    }
  }

  func test_unsolicitedResponseOnAnIdleConnection_answersNothing() throws {
    let server = try RawServer { stream in
      guard try stream.read() != nil else { return }
      try stream.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
      // The client has its answer before this is sent, or drops the connection for it.
      poll(nil, 0, 20)
      try stream.write("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")
      while try stream.read() != nil {}
    }
    let steps = get("http://127.0.0.1:\(server.port)/") + #",{"sleepMs":80}"#
    let rows = try run(steps, iterations: 4)
    XCTAssertEqual(rows.map(\.status), [200, 200, 200, 200])
    XCTAssertEqual(server.connections, 4)
  }

  func test_endWithinTheHeaders_isAFailure() throws {
    for head in [
      "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n",
      "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n",
    ] {
      let server = try RawServer { stream in
        _ = try stream.read()
        try stream.write(head)
      }
      let rows = try run(get("http://127.0.0.1:\(server.port)/"))
      XCTAssertEqual(rows.map(\.error), [.reset], head)
      XCTAssertEqual(rows.map(\.success), [false], head)
    }
  }

  // MARK: what came

  /// The reason with which a response ends that a raw socket sends, and the connection with it.
  private func reason(
    _ response: [UInt8], reads: Bool = true, isOpen: Bool = false
  ) throws -> ErrorReason? {
    let server = try RawServer { stream in
      _ = try stream.read()
      try stream.write(response)
      if isOpen { while try stream.read() != nil {} }
    }
    let check = reads ? #","check":[{"bodyContains":"x"}]"# : ""
    let url = "http://127.0.0.1:\(server.port)/"
    let rows = try run(#"{"request":{"url":"\#(url)"}\#(check)}"#) { lease in
      lease.http.requestTimeoutMs = 3_000
    }
    XCTAssertEqual(rows.count, 1)
    XCTAssertEqual(rows.first?.success, rows.first?.error == ErrorReason.none)
    return rows.first?.error
  }

  private func reason(_ response: String, isOpen: Bool = false) throws -> ErrorReason? {
    try reason(Array(response.utf8), isOpen: isOpen)
  }

  func test_chunksThatAreNone_areNoHTTP() throws {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    for body in [
      "zz\r\nhello\r\n", "-5\r\nhello\r\n", "FFFFFFFFFFFFFFFFFF\r\nhello", "5\r\nhelloXX",
    ] {
      XCTAssertEqual(try reason(head + body, isOpen: true), .protocolError, body)
    }
    XCTAssertEqual(try reason(head + "5\r\nhel"), .reset)
    XCTAssertEqual(try reason(head + "1\r\nx\r\n0\r\nSet-Cookie: a=b\r\n\r\n"), ErrorReason.none)
  }

  func test_lengthsThatContradict_areNoHTTP() throws {
    for lines in [
      "Content-Length: 1\r\nContent-Length: 2", "Content-Length: -1", "Content-Length: +1",
      "Content-Length: 99999999999999999999",
    ] {
      let response = "HTTP/1.1 200 OK\r\n\(lines)\r\n\r\nx"
      XCTAssertEqual(try reason(response, isOpen: true), .protocolError, lines)
    }
  }

  func test_switchOfProtocolsThatNobodyAskedFor_endsAtOnce() throws {
    let response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: y\r\n\r\n"
    XCTAssertEqual(try reason(response, isOpen: true), .protocolError)
  }

  func test_headBeyondTheBound_isALimitOfItsOwn() throws {
    let line = "HTTP/1.1 200 OK\r\nX-Long: " + String(repeating: "y", count: 200_000)
    XCTAssertEqual(try reason(line + "\r\n\r\n", isOpen: true), .headersTooLarge)
    let many = (0..<400).map { "X-\($0): " + String(repeating: "y", count: 1_000) }
    let head = (["HTTP/1.1 200 OK"] + many).joined(separator: "\r\n")
    XCTAssertEqual(try reason(head + "\r\n\r\n", isOpen: true), .headersTooLarge)
  }

  func test_cutCodings_areFailures_whetherReadOrNot() throws {
    // gzip of "x", whole and without its last bytes.
    let whole: [UInt8] = [
      0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xab, 0, 0, 0x83, 0x16, 0xdc, 0x8c, 1, 0, 0, 0,
    ]
    func response(_ body: some Collection<UInt8>) -> [UInt8] {
      let head =
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(body.count)\r\n\r\n"
      return Array(head.utf8) + Array(body)
    }
    for reads in [true, false] {
      XCTAssertEqual(try reason(response(whole), reads: reads), ErrorReason.none)
      XCTAssertEqual(try reason(response(whole.dropLast(6)), reads: reads), .protocolError)
      XCTAssertEqual(try reason(response([]), reads: reads), ErrorReason.none)
      XCTAssertEqual(try reason(response(Array("garbage!".utf8)), reads: reads), .protocolError)
    }
  }

  func test_handshakeThatStalls_isATimeoutOfTLS() throws {
    let server = try RawServer.neverAnswers()
    let rows = try run(get("https://127.0.0.1:\(server.port)/")) { lease in
      lease.http.requestTimeoutMs = 200
    }
    XCTAssertEqual(rows.map(\.error), [.tlsTimeout])
    XCTAssertGreaterThanOrEqual(rows[0].connectionOpenMicros, 0)
  }

  func test_timeout_coversAllRedirects() throws {
    let server = try EngineServer { request in
      poll(nil, 0, 150)
      return EngineServer.response(302, headers: ["Location: \(request.path)x"])
    }
    let url = server.url("/")
    let rows = try run(#"{"request":{"url":"\#(url)","timeoutMs":400}}"#)
    XCTAssertEqual(rows.last?.error, .timeout)
    XCTAssertLessThanOrEqual(rows.count, 4)
    XCTAssertGreaterThanOrEqual(rows.count, 2)
  }

  // MARK: what is sent

  func test_lengthOfTheScript_isOverwritten_andAbsentBodiesHaveNoType() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    let url = server.url("/")
    let steps = [
      #"{"request":{"url":"\#(url)","method":"POST","body":"hello","#
        + #""headers":{"Content-Length":"2"}}}"#,
      #"{"request":{"url":"\#(url)","method":"POST"}}"#,
      #"{"request":{"url":"\#(url)","method":"PUT"}}"#,
    ]
    XCTAssertEqual(try run(steps.joined(separator: ",")).map(\.status), [200, 200, 200])
    XCTAssertEqual(server.seen.map { $0.headers["content-length"] }, ["5", "0", "0"])
    XCTAssertEqual(server.seen.map(\.body), ["hello", "", ""])
    XCTAssertEqual(
      server.seen.map { $0.headers["content-type"] }, ["text/plain;charset=UTF-8", nil, nil])
  }

  func test_requestThatCannotBeMade_tookNoTime() throws {
    let steps = #"{"request":{"url":"${missing}/"}, "extract":{"missing":{"header":"X"}}}"#
    let rows = try run(steps)
    XCTAssertEqual(rows.map(\.error), [.invalidRequest])
    XCTAssertEqual(rows.map(\.connectionCloseMicros), [-1])
  }
}
