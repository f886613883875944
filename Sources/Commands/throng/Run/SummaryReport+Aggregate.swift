import Coordinator
import Shared

extension SummaryReport {
  /// - Parameters:
  ///   - total: everything of an execution.
  ///   - seconds: what rates are over.
  init(_ total: Aggregate, seconds: Double, users: Int) {
    self.seconds = seconds
    checks = total.checks.map { Check(name: $0.name, passes: $0.passes, fails: $0.fails) }
    counters = [
      Counter(name: "http_reqs", value: Double(total.sent), unit: .plain),
      Counter(name: "iterations", value: Double(total.iterations), unit: .plain),
      Counter(name: "data_sent", value: Double(total.bytesSent), unit: .bytes),
      Counter(name: "data_received", value: Double(total.bytesReceived), unit: .bytes),
    ]
    if total.droppedIterations > 0 {
      counters.append(
        Counter(name: "dropped_iterations", value: Double(total.droppedIterations), unit: .plain))
    }
    timings = [
      ("dns_lookup", total.dnsLookup), ("connecting", total.connectionOpen),
      ("tls_handshaking", total.tlsHandshake), ("http_req_waiting", total.firstReceived),
      ("http_req_duration", total.connectionClose),
      ("iteration_duration", total.iterationDuration),
      ("iteration_intended", total.intendedDuration),
    ].compactMap { $1.count > 0 ? Timing($0, $1) : nil }
    rates = [Rate(name: "http_req_failed", yes: total.sentFailures, no: total.successes)]
    let passes = checks.reduce(Int64(0)) { $0.plus($1.passes) }
    let fails = checks.reduce(Int64(0)) { $0.plus($1.fails) }
    if passes.plus(fails) > 0 { rates.append(Rate(name: "checks", yes: passes, no: fails)) }
    gauges = [
      Gauge(name: "vus_max", value: Double(users), min: Double(users), max: Double(users))
    ]
    errors = total.keyCounts(.errorReason).map { ($0.key, $0.count) }
  }
}

extension SummaryReport.Timing {
  fileprivate init(_ name: String, _ histogram: LatencyHistogram) {
    let points = histogram.percentiles([0.5, 0.9, 0.95])
    self.init(
      name: name, avg: histogram.mean, min: Double(histogram.min), med: points[0],
      max: Double(histogram.max), p90: points[1], p95: points[2])
  }
}

extension Aggregate {
  /// How often each key of a histogram metric occurred.
  func keyCounts(_ definition: MetricDefinition) -> [(key: String, count: Int64)] {
    guard case .keys(let counts)? = metric(definition)?.content else { return [] }
    return counts
  }
}
