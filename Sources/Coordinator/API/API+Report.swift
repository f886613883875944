import Foundation
import Shared

/// Results as a document to hand on.
extension API {
  static func addReports(to router: inout Router<Handler>) {
    for scope in ["executions/:id", "executions/:id/regions/:region"] {
      router.add("GET", pattern: "\(scope)/results.pdf") { try $0.downloadReport($1) }
    }
  }

  func downloadReport(_ context: RouteContext) throws -> HTTPResponse {
    let wanted = try WantedReport(context)
    let target = try store.read { try ExecutionTarget(context, in: $0) }
    let execution = target.execution.id
    let bytes = try report(wanted, target)
    if wanted.isBase64 {
      return HTTPResponse(
        status: 200, headers: [(name: "Content-Type", value: "text/plain; charset=us-ascii")],
        body: .bytes([UInt8](Data(bytes).base64EncodedData())))
    }
    return HTTPResponse(
      status: 200,
      headers: [
        (name: "Content-Type", value: "application/pdf"),
        (
          name: "Content-Disposition",
          value: "attachment; filename=\"execution-\(execution)-report.pdf\""
        ),
      ], body: .bytes(bytes))
  }

  private func report(_ wanted: WantedReport, _ target: ExecutionTarget) throws -> [UInt8] {
    let aggregator = try ingester.snapshot(target.execution.id) { $0 }
    let source = try store.read { db in
      try ReportSource(
        target.execution, region: target.region?.id, aggregator: aggregator, nowMs: now(),
        zone: wanted.zone, in: db)
    }
    var builder = ReportBuilder(source, wanted.dashboard)
    if wanted.dashboard == .errors {
      let reader = ResultReader(
        store: store, execution: target.execution.id, region: target.region?.id)
      builder.examples = try ErrorExample.find(
        Set(builder.allErrors.counts.keys), with: reader)
    }
    do {
      return try ReportPrinter.pdf(builder.model())
    } catch let failure as Canvas.Failure {
      throw Problem(.unavailable, "the report cannot be drawn: \(failure.reason)")
    }
  }
}

/// What a request wants of a report.
private struct WantedReport {
  var dashboard = ReportDashboard.overview
  var zone = ReportZone.utc
  var isBase64 = false

  /// - Throws: 422 naming all bad parameters.
  init(_ context: RouteContext) throws {
    var query = context.query
    if let text = query.string("dashboardId") {
      let names = ReportDashboard.allCases.map(\.rawValue).joined(separator: ", ")
      if let known = ReportDashboard(rawValue: text) {
        dashboard = known
      } else {
        query.fail("dashboardId", "must be one of \(names)")
      }
    }
    if let text = query.string("tz") {
      if let known = ReportZone(identifier: text) {
        zone = known
      } else {
        query.fail(
          "tz",
          "no time zone '\(ReportText.shortened(text, to: 100))': give an IANA name such as "
            + "America/Chicago")
      }
    }
    if let text = query.string("enc") {
      isBase64 = text == "base64"
      if !isBase64 { query.fail("enc", "must be base64 when it is given") }
    }
    try query.finish()
  }
}
