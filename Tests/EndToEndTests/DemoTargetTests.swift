import TestSupport
import XCTest

@testable import throng

final class DemoTargetTests: XCTestCase {
  private func parse(_ text: String) throws -> [DemoRequest] {
    var parser = DemoRequestParser()
    parser.append(Array(text.utf8))
    var requests: [DemoRequest] = []
    while let request = try parser.next() { requests.append(request) }
    return requests
  }

  func test_parser_cutsPipelinedRequestsAndSkipsBodies() throws {
    let requests = try parse(
      "POST /a?b=c HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"
        + "GET / HTTP/1.0\r\n\r\nHEAD /x HTTP/1.1\r\nConnection: close\r\n\r\n")
    XCTAssertEqual(
      requests,
      [
        DemoRequest(method: "POST", path: "/a", query: "b=c", keepAlive: true),
        DemoRequest(method: "GET", path: "/", query: "", keepAlive: false),
        DemoRequest(method: "HEAD", path: "/x", query: "", keepAlive: false),
      ])
  }

  func test_parser_takesRequestsInPiecesOfOneByte() throws {
    var parser = DemoRequestParser()
    var found: [DemoRequest] = []
    for byte in "GET /json HTTP/1.1\r\nHost: x\r\n\r\n".utf8 {
      parser.append([byte])
      if let request = try parser.next() { found.append(request) }
    }
    XCTAssertEqual(found.map(\.path), ["/json"])
  }

  func test_parser_refusesWhatIsNotHTTPOrTooLarge() {
    for (text, status) in [
      ("hello\r\n\r\n", 400), ("GET / HTTP/2.0\r\n\r\n", 400), ("\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413),
      ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 501),
      ("GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 20_000), 431),
    ] {
      XCTAssertThrowsError(try parse(text), text) { error in
        XCTAssertEqual((error as? DemoProtocolError)?.status, status)
      }
    }
  }

  func test_answers_followThePath() {
    var random = SystemRandomNumberGenerator()
    func answer(_ path: String, _ query: String = "") -> DemoResponse {
      let request = DemoRequest(method: "GET", path: path, query: query, keepAlive: true)
      return DemoResponse.answer(to: request, random: &random)
    }
    XCTAssertEqual(answer("/").contentType, "text/html")
    XCTAssertEqual(answer("/json").contentType, "application/json")
    XCTAssertEqual(answer("/slow", "ms=250").delayMs, 250)
    XCTAssertEqual(answer("/slow", "ms=-1").status, 400)
    XCTAssertEqual(answer("/status/503").status, 503)
    XCTAssertEqual(answer("/status/999").status, 404)
    XCTAssertEqual(answer("/else").status, 404)
    let empty = DemoResponse(status: 204, contentType: "text/plain", body: "x")
    XCTAssertEqual(
      String(decoding: empty.encoded(head: false, keepAlive: true), as: UTF8.self),
      "HTTP/1.1 204 OK\r\nServer: throng-demo\r\n\r\n")
  }

  func test_target_servesOverOneConnectionAndEndsOnSIGTERM() throws {
    let target = try ChildProcess(product: "throng", ["demo-target"])
    let line = try target.waitForLine(containing: "listening on 127.0.0.1:")
    let port = try XCTUnwrap(UInt16(line.split(separator: ":").last ?? ""))
    let http = HTTPClient(port: port)
    XCTAssertEqual(try http.get("/").status, 200)
    XCTAssertNotNil(try http.get("/json").json()["symbol"])
    let stream = try TCPStream(port: port)
    try stream.write(
      "GET /status/201 HTTP/1.1\r\n\r\nGET /status/202 HTTP/1.1\r\nConnection: close\r\n\r\n")
    let text = String(decoding: try stream.readToEnd(), as: UTF8.self)
    XCTAssert(text.contains("status 201") && text.contains("status 202"), text)
    let hostile = try TCPStream(port: port)
    try hostile.write("\u{0}\u{1}\r\n\r\n")
    XCTAssert(hostile.waitUntilClosed())
    XCTAssertEqual(try target.terminate(), 0)
  }
}
