import XCTest

@testable import Shared

/// Every number of a batch at its extremes.
final class BatchNumbersTests: XCTestCase {
  private static let extremes: [Int64] = [
    0, 1, -1, 1 << 31, -(1 << 31), 1 << 53, -(1 << 53), .max, .min,
  ]
  private static let columns: [String: [String]] = [
    "requests": [
      "at", "client", "iteration", "connection", "resource", "method", "contentType", "dns", "open",
      "tls", "first", "close", "sent", "received", "packetsSent", "packetsReceived", "status",
      "error", "success",
    ],
    "iterations": ["at", "duration", "client", "iteration", "failed", "delay"],
    "checks": ["name", "interval", "passes", "fails"],
    "assertions": ["name", "passed", "request", "client", "iteration", "at"],
    "samples": ["at", "active", "tick", "cpu", "memory"],
    "drops": ["interval", "dropped"],
    "logs": ["at", "level", "message", "client", "iteration"],
    "suites": [
      "at", "duration", "suite", "test", "passed", "message", "stack", "client", "iteration",
      "connection",
    ],
  ]
  private static let members: [String: [String]] = [
    "metrics": ["interval", "count", "sum", "min", "max", "deviations", "last", "lastAt"],
    "files": ["file", "part", "last", "at", "client", "iteration", "failure"],
    "traces": [
      "length", "at", "client", "iteration", "connection", "dns", "open", "tls", "first", "close",
      "sent", "received", "packetsSent", "packetsReceived", "status", "error", "success",
    ],
  ]

  func test_everyColumn_isTakenOrRefused_andWhatIsTakenAddsUp() {
    var (taken, refused) = (0, 0)
    for (table, names) in Self.columns {
      for name in names {
        for value in Self.extremes {
          for form in ["\(value)", "[\(value),\(value)]", "{\"d\":[\(value),\(value)]}"] {
            let body = #""\#(table)":{"count":2,"\#(name)":\#(form)}"#
            decode(body) ? (taken += 1) : (refused += 1)
          }
        }
      }
    }
    XCTAssertGreaterThan(taken, 200)
    XCTAssertGreaterThan(refused, 500)
  }

  func test_everyMemberOfARecord_isTakenOrRefused() {
    let fixed = [
      "metrics": #""ns":"User","name":"n","type":"Metered""#,
      "files": #""name":"n","type":"text/plain","data":"""#,
      "traces": #""resource":"r","method":"GET","url":"u","packets":"[]""#,
    ]
    var refused = 0
    for (table, names) in Self.members {
      for name in names {
        for value in Self.extremes.map({ "\($0)" }) + ["1e300", "-1e300", "1e400"] {
          let body = #""\#(table)":[{\#(fixed[table] ?? ""),"\#(name)":\#(value)}]"#
          if !decode(body) { refused += 1 }
        }
      }
    }
    XCTAssertGreaterThan(refused, 100)
  }

  func test_madeUpHistograms_areRefused() throws {
    var honest = LatencyHistogram()
    for value in [5, 5, 900] as [Int64] { honest.record(value) }
    XCTAssertTrue(honest.isPlausible)
    let made: [(count: UInt64, sum: UInt128)] = [(1 << 62, 5), (3, .max), (3, 1 << 64)]
    for numbers in made {
      var writer = VarIntWriter()
      writer.unsigned(1)
      writer.unsigned(5)
      writer.unsigned(5)
      writer.wide(numbers.sum)
      writer.wide(.max)
      writer.unsigned(5)
      writer.unsigned(numbers.count)
      var reader = VarIntReader(writer.bytes)
      var histogram = try LatencyHistogram(from: &reader)
      XCTAssertFalse(histogram.isPlausible)
      // Where such a one is met all the same, as in an old store, nothing traps.
      for _ in 0..<3 { histogram.merge(histogram) }
      histogram.record(7)
      _ = (histogram.variance, histogram.percentiles([0, 0.5, 0.99, 1]), histogram.mean)
      var again = VarIntWriter()
      histogram.encode(to: &again)
      var back = VarIntReader(again.bytes)
      XCTAssertEqual(try LatencyHistogram(from: &back).max, 7)
    }
  }

  /// Whether a line with this is taken; what is taken is reckoned with.
  private func decode(_ body: String) -> Bool {
    let rest = #","strings":["a","b"],"texts":["c","d"],\#(body)}"#
    let head = #"{"type":"results","chunk":1,"epoch":1,"seq":1,"crc32c":"#
    let line = head + "\(CRC32C.checksum(Array(rest.utf8)))" + rest
    guard let decoded = try? ResultBatchCodec.decode(Array(line.utf8)) else { return false }
    let batch = decoded.batch
    XCTAssertNil(batch.problem)
    if let times = batch.times {
      XCTAssertTrue((0...Limits.timeMicrosMax).contains(times.upperBound))
    }
    return true
  }
}
