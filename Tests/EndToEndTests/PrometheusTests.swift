import Foundation
import Shared
import TestSupport
import XCTest

/// `/metrics`, as a real Prometheus reads it.
final class PrometheusTests: XCTestCase {
  func test_prometheus_scrapesARunningTest() throws {
    let cluster = try Cluster()
    let directory = try TemporaryDirectory()
    let configuration = try directory.write(
      "prometheus.yml",
      """
      global: {scrape_interval: 1s, scrape_timeout: 1s}
      scrape_configs:
        - job_name: throng
          static_configs: [{targets: ['127.0.0.1:\(cluster.coordinator.httpPort)']}]
      """)
    let port = try FreePort.take(1)[0]
    let prometheus = try ChildProcess(
      executable: try ChildProcess.find("prometheus"),
      [
        "--config.file=\(configuration)", "--storage.tsdb.path=\(directory.file("tsdb"))",
        "--web.listen-address=127.0.0.1:\(port)",
      ])
    let execution = try cluster.start(
      steps: cluster.get("/json") + #",{"sleepMs":20}"#, "\"durationSecs\":600")
    try execution.waitUntilRunning()
    let query = { (expression: String) -> Double? in
      let allowed = CharacterSet.alphanumerics
      let escaped = try XCTUnwrap(
        expression.addingPercentEncoding(withAllowedCharacters: allowed))
      let answer = try? HTTPClient(port: port).get("/api/v1/query?query=\(escaped)").json()
      return (answer?["data"]?["result"]?[0]?["value"]?[1]?.stringValue).flatMap(Double.init)
    }
    try Poll.until("Prometheus knows of results") {
      try query("throng_ingest_results_total") ?? 0 > 0
    }
    XCTAssertEqual(try query("up"), 1)
    XCTAssertEqual(try query(#"throng_executions{phase="running"}"#), 1)
    XCTAssertEqual(try query(#"throng_leases{state="running"}"#), 1)
    XCTAssertEqual(try query(#"throng_agents{region="eu-west",state="connected"}"#), 1)
    XCTAssertEqual(try query("throng_agents_clients"), 4)
    // A request is counted once it is answered, so the next one tells of it.
    try Poll.until("requests are counted") {
      try query(#"throng_http_requests_total{route="metrics"}"#) ?? 0 > 0
    }
    XCTAssertGreaterThan(try query("throng_ingest_commit_seconds_count") ?? 0, 0)
    XCTAssertEqual(
      try query(#"throng_build_info{version="\#(throngVersion)"}"#), 1)
    let types = try HTTPClient(port: port).get("/api/v1/targets").text
    XCTAssertTrue(types.contains(#""lastError":"""#), types)
    try execution.send("PATCH", "/stop")
    try execution.waitUntilCompleted()
    XCTAssertEqual(try prometheus.terminate(), 0)
  }
}
