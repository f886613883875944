import Shared
import Synchronization
import TestSupport

@testable import Agent

/// Runs cases of the conformance corpus on one engine thread, several clients side by side, and
/// keeps what came of each request.
enum ConformanceRun {
  /// What the engine said of one request.
  struct Result: Sendable {
    var error: String
    var status: Int
    var body: [UInt8]
    var headers: [(name: String, value: String)]
  }

  /// What became of a case.
  struct Report: Sendable {
    var results: [Result] = []
    var rows: [RequestRow] = []
    var seen = WireServer.Counts()
  }

  /// Written by the engine's thread.
  private final class ReportLog: Sendable {
    let reports: Mutex<[Report]>

    init(count: Int) { reports = Mutex([Report](repeating: Report(), count: count)) }
  }

  private static let clients = 24
  /// Cases whose servers are there at once: each has some file descriptors.
  private static let casesAtOnce = 100

  /// The reports of all cases, in their order.
  static func reports(of cases: [WireCase], isHTTP2: Bool) throws -> [Report] {
    try stride(from: 0, to: cases.count, by: casesAtOnce).flatMap { start in
      try reports(
        ofSome: Array(cases[start..<min(start + casesAtOnce, cases.count)]), isHTTP2: isHTTP2)
    }
  }

  private static func reports(ofSome cases: [WireCase], isHTTP2: Bool) throws -> [Report] {
    let servers = try cases.map { try WireServer($0) }
    let log = ReportLog(count: cases.count)
    var lease = Lease.forTests(clients: clients)
    lease.goal = LoadGoal(iterations: (cases.count + clients - 1) / clients, durationSecs: nil)
    if isHTTP2 { lease.http.version = .http2 }
    let harness = try EngineHarness(
      steps: #"{"request":{"url":"http://127.0.0.1:1/"}}"#, lease: lease)
    harness.replaceClients { number in
      let own = stride(from: number, to: cases.count, by: clients).map { index in
        ConformanceClient.Task(
          wireCase: cases[index], port: servers[index].port,
          report: { result in log.reports.withLock { $0[index].results.append(result) } })
      }
      return ConformanceClient(own)
    }
    let rows = harness.run(seconds: 120)
    let names = harness.resources
    var reports = log.reports.withLock { $0 }
    for index in cases.indices {
      reports[index].rows = zip(rows, names).filter { $1 == cases[index].name }.map(\.0)
      reports[index].seen = servers[index].seen
    }
    return reports
  }
}
