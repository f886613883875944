import Foundation
import Shared
import TestSupport
import XCTest

/// Compares what Throng says of an execution with nginx's access log, and with itself.
struct Accounting {
  let execution: Execution
  let summary: JSONValue
  let results: CSVReader
  let log: [AccessLogEntry]

  /// Reads everything of a completed execution and ends nginx, so that its log is complete.
  init(_ execution: Execution, _ cluster: Cluster) throws {
    self.execution = execution
    summary = try execution.get("/summary")
    results = try execution.results()
    log = try cluster.nginx.accessLog()
  }

  /// Everything that must hold for every execution against nginx.
  func check(
    bytes: Bool = true, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    XCTAssertGreaterThan(log.count, 0, "nothing was requested", file: file, line: line)
    XCTAssertEqual(results.rows.count, log.count, "results and log", file: file, line: line)
    XCTAssertEqual(
      summary["count"]?.intValue, log.count, "summary and log", file: file, line: line)
    let logged = Self.tally(log.map { "\($0.method) \($0.status)" })
    let recorded = Self.tally(
      try zip(results.column("httpMethod"), results.column("httpResponseCode")).map {
        "\($0) \($1)"
      })
    XCTAssertEqual(recorded, logged, file: file, line: line)
    if bytes {
      XCTAssertEqual(
        try results.numbers("bytesReceived").reduce(0, +),
        Double(log.reduce(0) { $0 + $1.bytesSent }), "bytes received", file: file, line: line)
      XCTAssertEqual(
        try results.numbers("bytesSent").reduce(0, +),
        Double(log.reduce(0) { $0 + $1.requestLength }), "bytes sent", file: file, line: line)
    }
    let ids = try results.column("id")
    XCTAssertEqual(Set(ids).count, ids.count, "ids are unique", file: file, line: line)
    try checkTotals(file: file, line: line)
    try checkBreakdowns(file: file, line: line)
    try checkPercentiles(file: file, line: line)
  }

  private func checkTotals(file: StaticString, line: UInt) throws {
    for name in [
      "bytesSent", "bytesReceived", "bandwidth", "dataPacketsSent", "dataPacketsReceived",
      "success", "failure",
    ] {
      let sum = try results.numbers(name).reduce(0, +)
      let shown = metric(name)?["metricValue"]?.number ?? 0
      XCTAssertEqual(shown, sum, name, file: file, line: line)
    }
    for name in ["httpMethod", "httpResponseCode", "httpContentType", "errorReason"] {
      let counted = Self.tally(try results.column(name).filter { !$0.isEmpty })
      var shown: [String: Int] = [:]
      for member in metric(name)?["metricValueMap"]?.objectValue?.members ?? [] {
        shown[member.key] = member.value.intValue
      }
      XCTAssertEqual(shown, counted, name, file: file, line: line)
    }
  }

  private func checkBreakdowns(file: StaticString, line: UInt) throws {
    let intervals = try execution.get("/intervals").arrayValue ?? []
    XCTAssertEqual(sum(intervals, "count"), log.count, "intervals", file: file, line: line)
    XCTAssertEqual(
      sum(intervals, "iterationsExecuted"), summary["iterationsExecuted"]?.intValue,
      "iterations of intervals", file: file, line: line)
    for interval in intervals {
      let start = interval["intervalStart"]?.intValue ?? 1
      XCTAssertEqual(start % 10_000, 0, "\(start)", file: file, line: line)
      XCTAssertGreaterThan(start, 0, file: file, line: line)
    }
    let regions = try execution.get()["regions"]?.arrayValue ?? []
    XCTAssertEqual(
      sum(regions.compactMap { $0["summary"] }, "count"), log.count, "regions", file: file,
      line: line)
    for region in regions {
      let id = region["id"]?.intValue ?? 0
      let parts = try execution.get("/regions/\(id)/intervals").arrayValue ?? []
      XCTAssertEqual(
        sum(parts, "count"), region["summary"]?["count"]?.intValue, file: file, line: line)
      let rows = try results.column("executionRegionId").filter { $0 == String(id) }
      XCTAssertEqual(
        rows.count, region["summary"]?["count"]?.intValue, file: file, line: line)
    }
    let resources = try execution.get("/resources").arrayValue ?? []
    XCTAssertEqual(
      sum(resources.compactMap { $0["summary"] }, "count"), log.count, "resources", file: file,
      line: line)
    let byName = Self.tally(try results.column("resource"))
    for resource in resources {
      let name = resource["resource"]?["resource"]?.stringValue ?? ""
      XCTAssertEqual(
        resource["summary"]?["count"]?.intValue, byName[name], name, file: file, line: line)
    }
    XCTAssertEqual(resources.count, byName.count, file: file, line: line)
  }

  /// The summary's distributions against those of the raw results: within 0.5 %.
  private func checkPercentiles(file: StaticString, line: UInt) throws {
    for name in [
      "dnsLookupMs", "connectionOpenMs", "tlsHandshakeMs", "firstReceivedMs", "connectionCloseMs",
    ] {
      let values = try results.numbers(name).sorted()
      let map = metric(name)?["metricValueMap"]
      guard !values.isEmpty else {
        XCTAssertNil(map, "\(name) without values", file: file, line: line)
        continue
      }
      XCTAssertEqual(map?["count"]?.intValue, values.count, name, file: file, line: line)
      var expected = [
        "min": values[0], "max": values[values.count - 1], "sum": values.reduce(0, +),
        "mean": values.reduce(0, +) / Double(values.count),
      ]
      for (key, share) in [
        ("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p999", 0.999),
      ] {
        expected[key] = Self.percentile(values, share)
      }
      for (key, value) in expected {
        // A microsecond is the resolution of what is compared.
        let accuracy = ["min", "max"].contains(key) ? 0.000_5 : 0.001 + 0.005 * value
        XCTAssertEqual(
          map?[key]?.number ?? -1, value, accuracy: accuracy, "\(name) \(key)", file: file,
          line: line)
      }
    }
  }

  func metric(_ name: String) -> JSONValue? {
    summary["metrics"]?.arrayValue?.first { $0["metricDef"]?.stringValue == name }
  }

  private func sum(_ values: [JSONValue], _ key: String) -> Int {
    values.reduce(0) { $0 + ($1[key]?.intValue ?? 0) }
  }

  /// Requests per client and iteration, from the results.
  func perIteration() throws -> [String: Int] {
    Self.tally(
      try zip(results.column("threadId"), results.column("iteration")).map { "\($0)#\($1)" })
  }

  /// Iterations that each client has results of.
  func iterationsPerClient() throws -> [String: Set<Int>] {
    var found: [String: Set<Int>] = [:]
    for (client, iteration) in zip(
      try results.column("threadId"), try results.numbers("iteration"))
    {
      found[client, default: []].insert(Int(iteration))
    }
    return found
  }

  static func tally(_ keys: [String]) -> [String: Int] {
    keys.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  /// Linear interpolation between closest ranks.
  static func percentile(_ sorted: [Double], _ share: Double) -> Double {
    let rank = share * Double(sorted.count - 1)
    let low = Int(rank.rounded(.down))
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (sorted[high] - sorted[low]) * (rank - Double(low))
  }
}
