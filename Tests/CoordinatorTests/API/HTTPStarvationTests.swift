import Dispatch
import Foundation
import Shared
import Synchronization
import TestSupport
import XCTest

@testable import Coordinator

/// That nobody waits for what others ask for.
final class HTTPStarvationTests: XCTestCase {
  private let loopback = HostPort(host: "127.0.0.1", port: 0)

  /// Blocks whoever waits, until it is opened.
  private final class Barrier: Sendable {
    private let opened = DispatchGroup()
    init() { opened.enter() }
    func open() { opened.leave() }
    func wait() { opened.wait() }
  }

  private func connections(_ count: Int, _ port: UInt16, _ target: String) throws -> [TCPStream] {
    try (0..<count).map { _ in
      let stream = try TCPStream(port: port)
      try stream.write("GET \(target) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      return stream
    }
  }

  private func assertServes(_ port: UInt16, times: Int = 40) throws {
    for _ in 0..<times {
      XCTAssertEqual(try HTTPClient(port: port).get("/fast").status, 200)
    }
  }

  private func whole(_ stream: TCPStream) throws -> String {
    String(decoding: try stream.readToEnd(), as: UTF8.self)
  }

  func test_slowAnswers_doNotDelayOthers() throws {
    let barrier = Barrier()
    let begun = DispatchSemaphore(value: 0)
    let server = try HTTPServer(address: loopback) { request in
      if request.path == ["slow"] {
        begun.signal()
        barrier.wait()
      }
      return HTTPResponse(status: 200, body: .bytes(Array("answer".utf8)))
    }
    defer { server.stop() }
    let slow = try connections(15, server.port, "/slow")
    for _ in slow { XCTAssertEqual(begun.wait(timeout: .now() + 10), .success) }
    try assertServes(server.port)
    barrier.open()
    for stream in slow { XCTAssertTrue(try whole(stream).hasSuffix("answer")) }
  }

  func test_heavyAnswers_areFewAtOnce_andLeaveTheOthersAlone() throws {
    let barrier = Barrier()
    let begun = Mutex(0)
    let server = try HTTPServer(address: loopback, isHeavy: { $0.path == ["heavy"] }) { request in
      if request.path == ["heavy"] {
        begun.withLock { $0 += 1 }
        barrier.wait()
      }
      return HTTPResponse(status: 200, body: .bytes(Array("answer".utf8)))
    }
    defer { server.stop() }
    let heavy = try connections(60, server.port, "/heavy")
    try assertServes(server.port)
    XCTAssertLessThanOrEqual(begun.withLock { $0 }, 3)
    barrier.open()
    for stream in heavy { XCTAssertTrue(try whole(stream).hasSuffix("answer")) }
    XCTAssertEqual(begun.withLock { $0 }, 60)
  }

  func test_slowPieces_doNotDelayOthers() throws {
    let barrier = Barrier()
    let begun = DispatchSemaphore(value: 0)
    let server = try HTTPServer(address: loopback) { request in
      guard request.path == ["slow"] else { return HTTPResponse(status: 200) }
      var pieces = 0
      return .stream(
        "text/plain",
        BodyStream {
          pieces += 1
          if pieces == 1 { return [UInt8](repeating: 0x61, count: 100_000) }
          if pieces == 3 { return nil }
          begun.signal()
          barrier.wait()
          return [0x62]
        })
    }
    defer { server.stop() }
    let slow = try connections(7, server.port, "/slow")
    for _ in slow { XCTAssertEqual(begun.wait(timeout: .now() + 10), .success) }
    try assertServes(server.port)
    barrier.open()
    for stream in slow {
      let text = try whole(stream)
      let body = try XCTUnwrap(text.range(of: "\r\n\r\n"))
      // Sizes of chunks may have an a in them, too, but few.
      XCTAssertGreaterThanOrEqual(text[body.upperBound...].count { $0 == "a" }, 100_000)
      XCTAssertTrue(text.contains("b\r\n0\r\n"), String(text.suffix(30)))
    }
  }

  func test_clientsThatDoNotRead_costOnlyTheirConnections() throws {
    let made = Mutex(0)
    let server = try HTTPServer(address: loopback) { request in
      guard request.path == ["endless"] else { return HTTPResponse(status: 200) }
      return .stream(
        "text/plain",
        BodyStream {
          made.withLock { $0 += 1 << 20 }
          return [UInt8](repeating: 0x61, count: 1 << 20)
        })
    }
    defer { server.stop() }
    let endless = try connections(10, server.port, "/endless")
    try assertServes(server.port, times: 300)
    // What the kernel takes, and two pieces each: without a bound it would be gigabytes.
    XCTAssertLessThan(made.withLock { $0 }, endless.count * (8 << 20))
    XCTAssertGreaterThanOrEqual(made.withLock { $0 }, endless.count << 20)
  }

  func test_longDownloadsAtOnce_areComplete() throws {
    let server = try HTTPServer(address: loopback) { _ in
      var pieces = 0
      return .stream(
        "text/plain",
        BodyStream {
          pieces += 1
          return pieces > 400
            ? nil : Array("\(pieces) \(String(repeating: "x", count: 5_000))\n".utf8)
        })
    }
    defer { server.stop() }
    let port = server.port
    let good = Atomic(0)
    let expected = (1...400).map { "\($0) \(String(repeating: "x", count: 5_000))\n" }.joined()
    DispatchQueue.concurrentPerform(iterations: 24) { _ in
      let answer = try? HTTPClient(port: port).get("/")
      if answer?.text == expected { good.add(1, ordering: .relaxed) }
    }
    XCTAssertEqual(good.load(ordering: .relaxed), 24)
  }
}
