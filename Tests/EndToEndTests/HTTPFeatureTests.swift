import Foundation
import TestSupport
import XCTest

/// What a virtual user's HTTP can do, as nginx sees it.
final class HTTPFeatureTests: XCTestCase {
  func test_redirectsCookiesCompressionAndBodies() throws {
    let cluster = try Cluster()
    let url = cluster.nginx.url
    let steps = [
      cluster.get("/redirect"),
      "{\"request\":{\"url\":\"\(url)/gzip\"},\"check\":[{\"bodyContains\":\"quick brown fox\"}]}",
      cluster.get("/cookie"),
      "{\"request\":{\"url\":\"\(url)/cookie-echo\"},"
        + "\"check\":[{\"bodyContains\":\"session=abc123\"}]}",
      "{\"request\":{\"method\":\"POST\",\"url\":\"\(url)/json\",\"body\":\"{\\\"a\\\":1}\","
        + "\"headers\":{\"Content-Type\":\"application/json\"}},"
        + "\"extract\":{\"symbol\":{\"json\":\"$.symbol\"}}}",
      cluster.get("/stocks/${symbol}", name: "GET stock"),
      "{\"if\":\"${vu.index} == 0\",\"steps\":[\(cluster.get("/status/503"))]}",
    ]
    let execution = try cluster.start(
      steps: steps.joined(separator: ","), regions: [("eu-west", 2)], "\"iterations\":3")
    try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    // nginx counts the framing of chunks, and leaves out bodies that `return` does not read.
    try accounting.check(bytes: false)
    let uris = Accounting.tally(accounting.log.map { "\($0.method) \($0.uri)" })
    XCTAssertEqual(
      uris,
      [
        "GET /redirect": 6, "GET /": 6, "GET /gzip": 6, "GET /cookie": 6, "GET /cookie-echo": 6,
        "POST /json": 6, "GET /stocks/IBM": 6, "GET /status/503": 3,
      ])
    XCTAssert(
      accounting.log.filter { $0.uri == "/cookie-echo" }
        .allSatisfy { $0.cookie == "session=abc123" })
    // On the wire, the text of 8 KiB is some hundred bytes.
    XCTAssert(accounting.log.filter { $0.uri == "/gzip" }.allSatisfy { $0.bytesSent < 1_000 })
  }

  func test_redirectLoop_endsAfterTheLimit() throws {
    let cluster = try Cluster()
    let execution = try cluster.start(
      steps: cluster.get("/redirect-loop"), regions: [("eu-west", 1)],
      "\"iterations\":2,\"http\":{\"redirectsMax\":3}")
    try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    XCTAssertEqual(accounting.log.count, 8)
    XCTAssertEqual(
      Accounting.tally(try accounting.results.column("errorReason"))["tooManyRedirects"], 2)
  }

  func test_bodyAboveTheLimit_isAFailure() throws {
    let cluster = try Cluster()
    let url = "\(cluster.nginx.url)/large"
    let execution = try cluster.start(
      steps: "{\"request\":{\"url\":\"\(url)\"},\"check\":[{\"bodyContains\":\"l\"}]}",
      regions: [("eu-west", 1)],
      "\"iterations\":2,\"http\":{\"bodyBytesMax\":1000}")
    try execution.waitUntilCompleted()
    XCTAssertEqual(try execution.results().column("errorReason"), ["bodyTooLarge", "bodyTooLarge"])
  }

  func test_https_verifiesUnlessToldOtherwise() throws {
    let cluster = try Cluster()
    let pem = try String(contentsOfFile: cluster.nginx.caFile, encoding: .utf8)
      .replacingOccurrences(of: "\n", with: "\\n")
    let step = "{\"request\":{\"url\":\"\(cluster.nginx.tlsURL)/json\"}}"
    func run(_ http: String) throws -> CSVReader {
      let execution = try cluster.start(
        steps: step, regions: [("eu-west", 1)], "\"iterations\":3,\"http\":{\(http)}")
      try execution.waitUntilCompleted()
      return try execution.results()
    }
    let untrusted = try run("\"verifyTls\":true")
    XCTAssertEqual(try untrusted.column("errorReason"), ["tls", "tls", "tls"])
    for http in [
      "\"caPem\":\"\(pem)\"", "\"verifyTls\":false", "\"caPem\":\"\(pem)\",\"version\":\"1.1\"",
      "\"caPem\":\"\(pem)\",\"version\":\"2\"",
    ] {
      let results = try run(http)
      XCTAssertEqual(try results.column("httpResponseCode"), ["200", "200", "200"], http)
      XCTAssertGreaterThan(try results.numbers("tlsHandshakeMs").max() ?? 0, 0, http)
    }
    let log = try cluster.nginx.accessLog()
    XCTAssertEqual(
      Accounting.tally(log.map(\.protocolName)), ["HTTP/2.0": 9, "HTTP/1.1": 3])
  }

  func test_http2WithoutTLS_byPriorKnowledge() throws {
    let cluster = try Cluster()
    let execution = try cluster.start(
      steps: "{\"request\":{\"url\":\"http://127.0.0.1:\(cluster.nginx.h2cPort)/\"}}",
      "\"iterations\":5,\"http\":{\"version\":\"2\"}")
    try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check(bytes: false)
    XCTAssertEqual(Accounting.tally(accounting.log.map(\.protocolName)), ["HTTP/2.0": 20])
    XCTAssertEqual(Set(accounting.log.map(\.connection)).count, 4)
  }
}
