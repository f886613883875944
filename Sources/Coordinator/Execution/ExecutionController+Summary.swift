import Foundation
import Shared

extension ExecutionController {
  /// Calls the script's `handleSummary`, if it has one, and keeps what it returns; then calls
  /// `body`. What goes wrong is told in the log: the results stand without it.
  func summarise(
    _ live: LiveExecution,
    then body: @escaping @Sendable (ExecutionController, LiveExecution) -> Void
  ) {
    guard let code = live.code, code.payload.exports.contains("handleSummary") else {
      return body(self, live)
    }
    let (id, record, seconds) = (live.record.id, live.record, live.ranSecs)
    let setupData = live.life.data.isEmpty ? nil : try? JSONValue.parse(text: live.life.data)
    DispatchQueue.global().async {
      let problem = self.keepSummary(of: record, code, seconds: seconds, setupData: setupData)
      self.loop.execute {
        guard let live = self.executions[id] else { return }
        if let problem { self.perform([.log(level: "Error", problem)], on: live) }
        body(self, live)
      }
    }
  }

  /// - Returns: what went wrong, or nil.
  private func keepSummary(
    of record: ExecutionRecord, _ code: PreparedCode, seconds: Double, setupData: JSONValue?
  ) -> String? {
    do {
      let (metrics, checks) = try ingester.snapshot(record.id) {
        (
          SummaryMetric.all($0, limits: record.limits, users: record.concurrentClients),
          $0.merged().checks
        )
      }
      var data = SummaryData(
        metrics: metrics, checks: checks,
        limits: record.limits, seconds: seconds)
      if let statistics = code.configuration.summaryTrendStats { data.trendStats = statistics }
      data.setupData = setupData
      let params = (try? JSONValue.parse(text: record.scriptParams))?.objectValue
      let texts = try ScriptEvaluation.summarise(
        code.payload, params: params ?? JSONObject(), environment: environment, data: data.json())
      var object = JSONObject()
      for name in texts.keys.sorted() { object[name] = texts[name].map { .string($0) } }
      let row = ValueRow(name: ValueRow.summary, json: JSONValue.object(object).text)
      try store.write { db in
        try ValueStore.set(row, of: record.id, atMs: Clock.wallMicros() / 1_000, in: db)
      }
      return nil
    } catch {
      return "The script's handleSummary failed: \(error)"
    }
  }
}
