import Foundation
import Shared
import TestSupport
import XCTest

@testable import Coordinator

/// Clients that open connections and say little, over real sockets.
final class HTTPCrowdTests: XCTestCase {
  func test_halfRequestLines_keepNobodyOut() throws {
    let server = try HTTPServer(address: HostPort(host: "127.0.0.1", port: 0)) { _ in
      HTTPResponse(status: 204)
    }
    defer { server.stop() }
    var crowd: [TCPStream] = []
    for _ in 0..<400 {
      let stream = try TCPStream(port: server.port)
      // One that was closed to make room may refuse it.
      try? stream.write(Array("GET / HT".utf8))
      crowd.append(stream)
    }
    for _ in 0..<20 {
      XCTAssertEqual(try HTTPClient(port: server.port).get("/").status, 204)
    }
    // The oldest made room.
    XCTAssertEqual(try crowd[0].readToEnd(), [])
    withExtendedLifetime(crowd) {}
  }

  func test_readersThatReadNothing_areBounded_andKeepNobodyOut() throws {
    let piece = [UInt8](repeating: 120, count: 64 << 10)
    var settings = HTTPServer.Settings()
    settings.downloadsPerAddressMax = 16
    let server = try HTTPServer(
      address: HostPort(host: "127.0.0.1", port: 0), settings: settings
    ) { request in
      switch request.path?.first {
      case "stream": .stream("text/plain", BodyStream { piece })
      case "bytes":
        HTTPResponse(status: 200, body: .bytes([UInt8](repeating: 1, count: 16 << 20)))
      default: HTTPResponse(status: 204)
      }
    }
    defer { server.stop() }
    for path in ["stream", "bytes"] {
      var crowd: [TCPStream] = []
      var statuses: [String: Int] = [:]
      for _ in 0..<24 {
        let stream = try TCPStream(port: server.port)
        try stream.write("GET /\(path) HTTP/1.1\r\nHost: a\r\n\r\n")
        let line = try stream.readLine() ?? ""
        statuses[String(line.dropFirst(9).prefix(3)), default: 0] += 1
        crowd.append(stream)
      }
      XCTAssertEqual(statuses, ["200": 16, "429": 8], path)
      for _ in 0..<20 {
        XCTAssertEqual(try HTTPClient(port: server.port).get("/").status, 204)
      }
      // Whoever goes makes room.
      for stream in crowd { stream.shutDown() }
      crowd = []
      try Poll.until("another one is answered") {
        let stream = try TCPStream(port: server.port)
        try stream.write("GET /\(path) HTTP/1.1\r\nHost: a\r\n\r\n")
        return try stream.readLine()?.contains("200") ?? false
      }
    }
  }
}
