import Foundation
import Glibc
import Shared
import Synchronization
import XCTest

@testable import Coordinator

/// The server over real sockets on a port of the system's choice.
final class HTTPServerTests: XCTestCase {
  private let loopback = HostPort(host: "127.0.0.1", port: 0)

  func test_routes_answerTheSameInMemoryAndOverASocket() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    _ = try fixture.call("PATCH", "/executions/\(id)/start")
    try fixture.commitResults(of: id, perRegion: 3_000)
    let api = fixture.api
    let server = try HTTPServer(address: loopback) { api.handle($0) }
    defer { server.stop() }
    for target in [
      "/executions/\(id)", "/executions/\(id)/summary", "/executions/\(id)/results.csv",
      "/executions/\(id)/results?limit=500", "/executions/\(id)/logs", "/scripts", "/nothing",
      "/executions/\(id)/resources/GET%20http:%2F%2Fa%2F?intervals=false", "/scripts?limit=%zz",
    ] {
      let inMemory = try fixture.call("GET", target)
      let remote = try SocketClient(port: server.port).call("GET", target)
      XCTAssertEqual(remote.status, inMemory.status, target)
      XCTAssertEqual(remote.text, inMemory.text, target)
      XCTAssertEqual(remote.header("Content-Type"), inMemory.header("Content-Type"), target)
      let head = try SocketClient(port: server.port).call("HEAD", target)
      XCTAssertEqual(head.status, inMemory.status, target)
      XCTAssertEqual(head.body, [], target)
    }
    let posted = try SocketClient(port: server.port).call(
      "POST", "/regions", #"{"name":"posted"}"#)
    XCTAssertEqual(posted.status, 201)
    XCTAssertNotNil(posted.header("Location"))
  }

  func test_notModified_saysTheLengthOfTheContentOrNone() throws {
    let server = try HTTPServer(address: loopback) {
      $0.path == ["whole"]
        ? .notModified("\"a\"", length: 10) : .notModified("\"a\"")
    }
    defer { server.stop() }
    for (path, lengths) in [("whole", ["Content-Length: 10"]), ("small", [])] {
      let client = try SocketClient(port: server.port)
      let request = "GET /\(path) HTTP/1.1\r\nHost: test\r\n"
      try client.send(Array("\(request)\r\n\(request)Connection: close\r\n\r\n".utf8))
      var text = ""
      while case let piece = try client.receive(), !piece.isEmpty {
        text += String(decoding: piece, as: UTF8.self)
      }
      let answers = text.components(separatedBy: "\r\n\r\n")
      // Where the length is not known, the first answer ends the connection.
      XCTAssertEqual(answers.count - 1, lengths.isEmpty ? 1 : 2, text)
      XCTAssertEqual(answers.last, "", "no body")
      for answer in answers.dropLast() {
        XCTAssertTrue(answer.hasPrefix("HTTP/1.1 304 "), text)
        XCTAssertEqual(
          answer.components(separatedBy: "\r\n").filter { $0.hasPrefix("Content-Length") },
          lengths)
        XCTAssertFalse(answer.contains("Transfer-Encoding"), text)
      }
    }
  }

  func test_portInUse_isSaid() throws {
    let first = try HTTPServer(address: loopback) { _ in HTTPResponse(status: 200) }
    defer { first.stop() }
    let taken = HostPort(host: "127.0.0.1", port: first.port)
    XCTAssertThrowsError(try HTTPServer(address: taken) { _ in HTTPResponse(status: 200) }) {
      XCTAssertTrue("\($0)".contains("127.0.0.1:\(first.port)"), "\($0)")
      XCTAssertTrue("\($0)".contains("in use"), "\($0)")
    }
  }

  func test_stop_freesThePort() throws {
    let first = try HTTPServer(address: loopback) { _ in HTTPResponse(status: 200) }
    let address = HostPort(host: "127.0.0.1", port: first.port)
    first.stop()
    first.stop()
    XCTAssertThrowsError(try SocketClient(port: address.port).call("GET", "/"))
  }

  func test_tooLargeBody_is413() throws {
    let api = try APIFixture()
    let handle = api.api
    var settings = HTTPServer.Settings()
    settings.bodyBytesMax = 1_000
    let server = try HTTPServer(address: loopback, settings: settings) { handle.handle($0) }
    defer { server.stop() }
    let announced = try SocketClient(port: server.port).call(
      "POST", "/regions", String(repeating: "x", count: 1_001))
    XCTAssertEqual(announced.status, 413)
    // Without a length in advance it shows only as it comes.
    let piece = String(repeating: "y", count: 1_500)
    let chunked = try SocketClient(port: server.port).exchange(
      Array(
        ("POST /regions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
          + "Connection: close\r\n\r\n5dc\r\n\(piece)\r\n0\r\n\r\n").utf8))
    XCTAssertEqual(chunked.status, 413)
    let exact = try SocketClient(port: server.port).call(
      "POST", "/regions", String(repeating: " ", count: 998) + "{}")
    XCTAssertEqual(exact.status, 422)
  }

  func test_hostileBytes_leaveTheServerServing() throws {
    let fixture = try APIFixture()
    let api = fixture.api
    // Peers that stop in the middle are let go after this; the test need not wait long for it.
    var settings = HTTPServer.Settings()
    settings.timeoutSecs = 1
    let server = try HTTPServer(address: loopback, settings: settings) { api.handle($0) }
    defer { server.stop() }
    let huge = String(repeating: "a", count: 200_000)
    for bytes: [UInt8] in [
      Array("GET /\(huge) HTTP/1.1\r\nHost: x\r\n\r\n".utf8),
      Array("GET / HTTP/1.1\r\nHost: x\r\nX: \(huge)\r\n\r\n".utf8),
      Array("GET /scripts\u{0}x HTTP/1.1\r\nHost: x\r\n\r\n".utf8),
      Array("POST /scripts HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n{}".utf8),
      Array(
        "POST /scripts HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n".utf8),
      [0x16, 0x03, 0x01, 0x00, 0xFF, 0x0D, 0x0A, 0x0D, 0x0A], [0, 0, 0, 0],
      Array("\r\n\r\n\r\n".utf8),
    ] {
      _ = try? SocketClient(port: server.port).exchange(bytes, halfClose: true)
    }
    XCTAssertEqual(try SocketClient(port: server.port).call("GET", "/healthz").status, 200)
  }

  func test_cancelledDownload_releasesItsSource() throws {
    let released = XCTestExpectation(description: "the stream is let go of")
    let server = try HTTPServer(address: loopback) { _ in
      let marker = Marker { released.fulfill() }
      return .stream(
        "text/plain",
        BodyStream {
          withExtendedLifetime(marker) { [UInt8](repeating: 0x61, count: 100_000) }
        })
    }
    defer { server.stop() }
    let client = try SocketClient(port: server.port)
    try client.send(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
    XCTAssertFalse(try client.receive().isEmpty)
    client.close()
    wait(for: [released], timeout: 20)
  }

  func test_failingStream_cutsTheAnswerOff() throws {
    struct Failure: Error {}
    let server = try HTTPServer(address: loopback) { _ in
      var pieces = 0
      return .stream(
        "text/plain",
        BodyStream {
          pieces += 1
          if pieces > 2 { throw Failure() }
          return [0x61]
        })
    }
    defer { server.stop() }
    XCTAssertThrowsError(try SocketClient(port: server.port).call("GET", "/"))
  }

  func test_manyClientsAtOnce_areAllAnswered() throws {
    let fixture = try APIFixture()
    let api = fixture.api
    let server = try HTTPServer(address: loopback) { api.handle($0) }
    defer { server.stop() }
    let port = server.port
    let good = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 200) { _ in
      if (try? SocketClient(port: port).call("GET", "/scripts"))?.status == 200 {
        good.add(1, ordering: .relaxed)
      }
    }
    XCTAssertEqual(good.load(ordering: .relaxed), 200)
  }
}

/// Tells when nobody refers to it any more.
private final class Marker: Sendable {
  private let gone: @Sendable () -> Void
  init(_ gone: @escaping @Sendable () -> Void) { self.gone = gone }
  deinit { gone() }
}
