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
}
