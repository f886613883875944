import Shared
import TestSupport
import XCTest

@testable import Agent

/// The corpus of `Tests/Fixtures/http`: what servers may do, and what must be said of it.
final class ConformanceTests: XCTestCase {
  func test_http1_holds() throws { try check(isHTTP2: false, atLeast: 250) }

  func test_http2_holds() throws { try check(isHTTP2: true, atLeast: 40) }

  private func check(isHTTP2: Bool, atLeast: Int) throws {
    let all = try WireParser.cases(in: Fixtures.path("http"))
    let cases = all.filter { $0.isHTTP2 == isHTTP2 }
    XCTAssertGreaterThanOrEqual(cases.count, atLeast)
    let reports = try ConformanceRun.reports(of: cases, isHTTP2: isHTTP2)
    for (wireCase, report) in zip(cases, reports) {
      for problem in Self.problems(of: wireCase, report) {
        XCTFail("\(wireCase.name): \(problem)")
      }
    }
    let known = cases.filter { $0.known != nil }
    print("\(cases.count) cases, of which \(known.count) are known not to hold:")
    for wireCase in known { print("  \(wireCase.name): \(wireCase.known ?? "")") }
  }

  private static func problems(
    of wireCase: WireCase, _ report: ConformanceRun.Report
  ) -> [String] {
    var problems: [String] = []
    guard report.results.count == wireCase.expected.count else {
      return ["\(report.results.count) of \(wireCase.expected.count) requests ended"]
    }
    if wireCase.varies { return [] }
    let differing = zip(wireCase.present, report.results).enumerated().compactMap {
      index, pair in difference(pair.0, pair.1).map { "request \(index + 1): \($0)" }
    }
    problems += differing
    // What is known not to hold is to be noticed when it does.
    if wireCase.known != nil,
      zip(wireCase.expected, report.results).allSatisfy({ difference($0, $1) == nil })
    {
      problems.append("holds: it is no longer a known deviation")
    }
    if let wanted = wireCase.connections, report.seen.connections != wanted {
      problems.append("\(report.seen.connections) connections, not \(wanted)")
    }
    let seen = wireCase.seen ?? wireCase.expected.count
    if report.seen.requests != seen {
      problems.append("the server saw \(report.seen.requests) requests, not \(seen)")
    }
    return problems + miscounts(wireCase, report)
  }

  /// Bytes must be those of the server's sockets. Of HTTP/2, what goes over the connection behind
  /// the last response counts for none.
  private static func miscounts(
    _ wireCase: WireCase, _ report: ConformanceRun.Report
  ) -> [String] {
    guard wireCase.countsBytes, report.results.allSatisfy({ $0.error == "none" }) else { return [] }
    let slack = wireCase.isHTTP2 ? 100 : 0
    let sums = [
      ("received", report.rows.reduce(0) { $0 + Int($1.bytesReceived) }, report.seen.bytesWritten),
      ("sent", report.rows.reduce(0) { $0 + Int($1.bytesSent) }, report.seen.bytesRead),
    ]
    return sums.compactMap { name, counted, truth in
      (truth - slack...truth).contains(counted)
        ? nil : "\(counted) bytes \(name), not \(truth)"
    }
  }

  private static func difference(
    _ wanted: WireCase.Outcome, _ result: ConformanceRun.Result
  ) -> String? {
    let word = result.error == "none" ? "\(result.status)" : result.error
    let found = "today \(word) status=\(result.status) length=\(result.body.count)"
    if result.error != wanted.error { return "not \(wanted.error): \(found)" }
    if let status = wanted.status, result.status != status { return "not \(status): \(found)" }
    if let body = wanted.body, result.body != body {
      return "body \(String(decoding: result.body.prefix(80), as: UTF8.self).debugDescription)"
    }
    if let length = wanted.length, result.body.count != length { return "not \(length): \(found)" }
    if let count = wanted.headerCount, result.headers.count != count {
      return "\(result.headers.count) headers, not \(count)"
    }
    for (name, value) in wanted.headers {
      let values = result.headers.filter { $0.name.lowercased() == name }.map(\.value)
      let joined = values.isEmpty ? nil : values.joined(separator: "|")
      if joined != value { return "\(name): \(joined.debugDescription)" }
    }
    return nil
  }
}
