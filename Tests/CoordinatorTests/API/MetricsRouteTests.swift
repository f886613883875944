import Foundation
import Shared
import TestSupport
import XCTest

@testable import Coordinator

final class MetricsRouteTests: XCTestCase {
  private func metrics(_ api: API, accept: String? = nil) throws -> (type: String?, text: String) {
    let response = api.handle(
      HTTPRequest(
        "GET", "/metrics", headers: accept.map { [(name: "Accept", value: $0)] } ?? []))
    guard case .bytes(let bytes) = response.body, response.status == 200 else {
      throw Unexpected(what: "\(response)")
    }
    return (response.header("Content-Type"), String(decoding: bytes, as: UTF8.self))
  }

  private func value(_ sample: String, in text: String) throws -> Double {
    let line = text.split(separator: "\n").first { $0.hasPrefix(sample + " ") }
    return try XCTUnwrap(Double(try XCTUnwrap(line, sample).dropFirst(sample.count + 1)))
  }

  func test_promtool_hasNothingToComplainOf() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    try fixture.commitResults(of: id, perRegion: 7)
    let api = fixture.api
    let http = fixture.api.http
    let server = try HTTPServer(
      address: HostPort(host: "127.0.0.1", port: 0), metrics: http
    ) { api.handle($0) }
    defer { server.stop() }
    let client = HTTPClient(port: server.port)
    for path in ["/executions/\(id)", "/executions/99", "/unheard-of", "/metrics", "/metrics"] {
      _ = try client.get(path)
    }
    _ = try client.send("BREW", "/metrics")
    let text = try client.get("/metrics").text
    let directory = try TemporaryDirectory()
    let file = try directory.write("metrics.txt", text)
    let check = try ChildProcess(
      executable: try ChildProcess.find("bash"), ["-c", "promtool check metrics < '\(file)'"])
    XCTAssertEqual(try check.waitForExit(), 0, check.errors)
    XCTAssertEqual(check.errors + check.output, "")

    XCTAssertEqual(
      try value(
        #"throng_http_requests_total{method="GET",route="executions/:id",status="200"}"#, in: text),
      1)
    XCTAssertEqual(
      try value(
        #"throng_http_requests_total{method="GET",route="executions/:id",status="404"}"#, in: text),
      1)
    XCTAssertEqual(
      try value(#"throng_http_requests_total{method="GET",route="none",status="404"}"#, in: text), 1
    )
    XCTAssertEqual(
      try value(
        #"throng_http_requests_total{method="other",route="metrics",status="405"}"#, in: text), 1)
    XCTAssertEqual(
      try value(
        #"throng_http_request_duration_seconds_count{route="executions/:id"}"#, in: text), 2)
    XCTAssertFalse(text.contains("unheard"), "a raw path became a label")
  }

  func test_figures_areThoseOfTheStore() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    try fixture.commitResults(of: id, perRegion: 7)
    let text = try metrics(fixture.api).text
    XCTAssertEqual(try value("throng_ingest_batches_total", in: text), 2)
    XCTAssertEqual(try value("throng_ingest_results_total", in: text), 14)
    XCTAssertGreaterThan(try value("throng_ingest_bytes_total", in: text), 500)
    XCTAssertEqual(
      try value(#"throng_ingest_rejected_total{reason="corrupt"}"#, in: text), 0)
    XCTAssertGreaterThanOrEqual(try value("throng_ingest_commit_seconds_count", in: text), 1)
    XCTAssertEqual(
      try value("throng_ingest_commit_seconds_count", in: text),
      try value(#"throng_ingest_commit_seconds_bucket{le="+Inf"}"#, in: text))
    XCTAssertEqual(try value("throng_store_results_total", in: text), 14)
    let size =
      try FileManager.default.attributesOfItem(
        atPath: "\(fixture.store.path)/throng.db")[.size] as? Int
    XCTAssertEqual(try value("throng_store_database_bytes", in: text), Double(try XCTUnwrap(size)))
    XCTAssertGreaterThan(try value("throng_store_free_bytes", in: text), 0)
    XCTAssertEqual(
      try value(#"throng_agents{region="north",state="connected"}"#, in: text), 1)
    XCTAssertEqual(try value(#"throng_agents_clients{region="north"}"#, in: text), 5)
    let started = try value("throng_process_start_time_seconds", in: text)
    XCTAssertLessThan(started, Double(Clock.wallMicros()) / 1e6)
    XCTAssertGreaterThan(started, Double(Clock.wallMicros()) / 1e6 - 86_400)
    XCTAssertGreaterThan(try value("throng_process_open_fds", in: text), 2)
  }

  func test_lineThatIsNoBatch_isCounted() throws {
    let fixture = try APIFixture()
    let done = DispatchSemaphore(value: 0)
    _ = fixture.ingester.submit(
      Array(#"{"type":"results","chunk":9,"epoch":1,"seq":1,"crc":0,"data":"x"}"#.utf8))
    fixture.ingester.whenCommitted { done.signal() }
    XCTAssertEqual(done.wait(timeout: .now() + 10), .success)
    let text = try metrics(fixture.api).text
    XCTAssertEqual(try value("throng_ingest_batches_total", in: text), 0)
    XCTAssertGreaterThan(try value("throng_ingest_bytes_total", in: text), 0)
  }

  func test_format_isTheOneThatIsPreferred() {
    for (accept, format): (String?, Exposition.Format) in [
      (nil, .prometheus), ("*/*", .prometheus), ("", .prometheus), ("image/png", .prometheus),
      ("application/openmetrics-text", .openMetrics),
      ("application/openmetrics-text;q=0", .prometheus),
      ("application/openmetrics-text;q=0.1, text/plain;q=0.9", .prometheus),
      ("text/plain; Q=0.2 , Application/OpenMetrics-Text; version=1.0.0; q=0.3", .openMetrics),
      ("application/openmetrics-text;q=x,*/*;q=0.1", .prometheus),
      ("application/openmetrics-text; version=0.0.1,text/plain;q=0.5,*/*;q=0.1", .openMetrics),
    ] {
      XCTAssertEqual(Exposition.Format(accept: accept), format, accept ?? "none")
    }
  }

  func test_openMetrics_isToldByTheAcceptHeader() throws {
    let fixture = try APIFixture()
    let plain = try metrics(fixture.api, accept: "text/html, */*;q=0.1")
    XCTAssertEqual(plain.type, "text/plain; version=0.0.4; charset=utf-8")
    XCTAssertFalse(plain.text.contains("# EOF"))
    XCTAssertTrue(plain.text.contains("# TYPE throng_ingest_batches_total counter\n"))
    let open = try metrics(
      fixture.api,
      accept: "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.4")
    XCTAssertEqual(open.type, "application/openmetrics-text; version=1.0.0; charset=utf-8")
    XCTAssertTrue(open.text.hasSuffix("\n# EOF\n"))
    XCTAssertTrue(open.text.contains("# TYPE throng_ingest_batches counter\n"))
    XCTAssertTrue(open.text.contains("\nthrong_ingest_batches_total 0\n"))
    XCTAssertTrue(open.text.contains("# TYPE throng_build info\n"))
  }
}
