import Dispatch
import Foundation
import Shared
import Synchronization
import TestSupport
import XCTest

@testable import Coordinator

/// Streams that have something to say only now and then.
final class HTTPLiveStreamTests: XCTestCase {
  private let loopback = HostPort(host: "127.0.0.1", port: 0)

  /// What a test has a live stream say.
  private final class Script: Sendable {
    let waker = StreamWaker()
    private let lines = Mutex<[String]>([])
    private let isOver = Mutex(false)

    func say(_ line: String) {
      lines.withLock { $0.append(line) }
      waker.wake()
    }

    func end() {
      isOver.withLock { $0 = true }
      waker.wake()
    }

    var stream: BodyStream {
      BodyStream(live: waker) { [self] in
        if let line = lines.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
          return .piece(Array((line + "\n").utf8))
        }
        return isOver.withLock { $0 } ? .end : .later(nanos: .max / 2)
      }
    }
  }

  private func open(_ port: UInt16) throws -> TCPStream {
    let stream = try TCPStream(port: port)
    try stream.write("GET /live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    return stream
  }

  /// Reads lines until one is `line`.
  private func skip(_ stream: TCPStream, to line: String) throws {
    while let next = try stream.readLine() {
      if next.trimmingCharacters(in: .whitespaces) == line { return }
    }
    throw Unexpected(what: "the stream ended before \(line)")
  }

  func test_whatIsSaid_isSentAtOnce() throws {
    let script = Script()
    let server = try HTTPServer(address: loopback) { _ in .stream("text/plain", script.stream) }
    defer { server.stop() }
    let client = try open(server.port)
    for number in 0..<200 {
      script.say("line \(number)")
      try skip(client, to: "line \(number)")
    }
    script.end()
    XCTAssertTrue(String(decoding: try client.readToEnd(), as: UTF8.self).hasSuffix("0\r\n\r\n"))
  }

  func test_wakesAtTheSameTime_loseNothing() throws {
    let script = Script()
    let server = try HTTPServer(address: loopback) { _ in .stream("text/plain", script.stream) }
    defer { server.stop() }
    let client = try open(server.port)
    script.say("begin")
    try skip(client, to: "begin")
    DispatchQueue.global().async {
      DispatchQueue.concurrentPerform(iterations: 4_000) { script.say("<\($0)>") }
      script.end()
    }
    let text = String(decoding: try client.readToEnd(), as: UTF8.self)
    XCTAssertEqual(text.count { $0 == "<" }, 4_000)
    XCTAssertTrue(text.hasSuffix("0\r\n\r\n"))
  }

  func test_manyStreams_leaveRoomForOthers() throws {
    let scripts = Mutex<[Script]>([])
    let metrics = HTTPMetrics()
    let server = try HTTPServer(address: loopback, metrics: metrics) { request in
      guard request.path == ["live"] else { return HTTPResponse(status: 200) }
      let script = Script()
      script.say("begin")
      scripts.withLock { $0.append(script) }
      return .stream("text/plain", script.stream)
    }
    defer { server.stop() }
    let clients = try (0..<150).map { _ in try open(server.port) }
    for client in clients { try skip(client, to: "begin") }
    XCTAssertEqual(metrics.snapshot.streams, 150)
    for _ in 0..<20 { XCTAssertEqual(try HTTPClient(port: server.port).get("/").status, 200) }
    for script in scripts.withLock({ $0 }) { script.say("news") }
    for client in clients { try skip(client, to: "news") }
  }

  func test_clientThatIsGone_isNoticedByTheNextWords() throws {
    let released = XCTestExpectation(description: "the stream is let go of")
    let marker = Mutex<Released?>(Released { released.fulfill() })
    let waker = StreamWaker()
    let server = try HTTPServer(address: loopback) { _ in
      let marker = marker.withLock { $0.take() }
      return .stream(
        "text/plain",
        BodyStream(live: waker) {
          // Says something every few milliseconds, as a heartbeat would.
          withExtendedLifetime(marker) {}
          return isTurn() ? .piece([0x61]) : .later(nanos: Clock.monotonicNanos() + 2_000_000)
        })
    }
    defer { server.stop() }
    let client = try open(server.port)
    XCTAssertNotNil(try client.read())
    client.shutDown()
    wait(for: [released], timeout: 20)
  }

  func test_stop_endsLiveStreamsCleanly_andCutsDownloads() throws {
    let server = try HTTPServer(address: loopback) { request in
      if request.path == ["live"] {
        let script = Script()
        script.say("begin")
        return .stream("text/plain", script.stream)
      }
      return .stream("text/plain", BodyStream { [UInt8](repeating: 0x61, count: 100_000) })
    }
    let clients = try (0..<40).map { _ in try open(server.port) }
    for client in clients { try skip(client, to: "begin") }
    let download = try TCPStream(port: server.port)
    try download.write("GET /download HTTP/1.1\r\nHost: x\r\n\r\n")
    XCTAssertNotNil(try download.read())
    let began = Clock.monotonicNanos()
    server.stop()
    XCTAssertLessThan(Double(Clock.monotonicNanos() - began) / 1e9, 3)
    for client in clients {
      let rest = String(decoding: try client.readToEnd(), as: UTF8.self)
      XCTAssertTrue(rest.hasSuffix("0\r\n\r\n"), rest)
    }
    let rest = (try? download.readToEnd()) ?? []
    XCTAssertFalse(String(decoding: rest.suffix(5), as: UTF8.self) == "0\r\n\r\n")
  }

  func test_stop_waitsForAnswersThatAreMade() throws {
    let begun = DispatchSemaphore(value: 0)
    let goOn = DispatchSemaphore(value: 0)
    let server = try HTTPServer(address: loopback) { _ in
      begun.signal()
      goOn.wait()
      return HTTPResponse(status: 200)
    }
    let client = try open(server.port)
    XCTAssertEqual(begun.wait(timeout: .now() + 10), .success)
    let stopped = DispatchSemaphore(value: 0)
    DispatchQueue.global().async {
      server.stop()
      stopped.signal()
    }
    XCTAssertEqual(stopped.wait(timeout: .now() + .milliseconds(100)), .timedOut)
    goOn.signal()
    XCTAssertEqual(stopped.wait(timeout: .now() + 10), .success)
    XCTAssertTrue(client.waitUntilClosed())
  }

  func test_failureBeforeTheFirstPiece_isAProblem() throws {
    struct Failure: Error {}
    let server = try HTTPServer(address: loopback) { _ in
      .stream("text/plain", BodyStream { throw Failure() })
    }
    defer { server.stop() }
    let answer = try HTTPClient(port: server.port).get("/")
    XCTAssertEqual(answer.status, 500)
    XCTAssertEqual(answer.headers["content-type"], "application/problem+json")
  }
}

/// Tells when nobody refers to it any more.
private final class Released: Sendable {
  private let gone: @Sendable () -> Void
  init(_ gone: @escaping @Sendable () -> Void) { self.gone = gone }
  deinit { gone() }
}

private let turns = Atomic(0)

/// Every second time.
private func isTurn() -> Bool { turns.add(1, ordering: .relaxed).newValue % 2 == 1 }
