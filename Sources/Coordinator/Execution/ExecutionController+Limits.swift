import Foundation
import Shared

extension ExecutionController {
  /// Has the limits of what runs judged. Reading the aggregates is done elsewhere than on the
  /// loop, one execution at a time and seldom enough to leave the ingester alone.
  func judgeLimits() {
    let now = Clock.monotonicNanos()
    for live in executions.values {
      guard live.machine.phase == .running, live.limits.isJudgedWhileRunning,
        let dueAt = live.limitsDueAt, dueAt <= now
      else { continue }
      // None until this one has come back.
      live.limitsDueAt = nil
      readLimits(of: live) { controller, live, readings, tookNanos in
        live.limitsDueAt =
          Clock.monotonicNanos() + LimitEvaluator.pauseNanos(afterReadingFor: tookNanos)
        controller.judge(live, readings)
      }
    }
  }

  private func judge(_ live: LiveExecution, _ readings: LimitReadings) {
    guard live.machine.phase == .running, let began = live.beganAtMs, nowMs() > began else {
      return
    }
    let elapsedSecs = Double(nowMs() - began) / 1_000
    for breach in live.limits.judge(readings, elapsedSecs: elapsedSecs) {
      perform(
        live.machine.limitBreached(
          breach.message, stops: breach.stops, interrupts: breach.interrupts), on: live)
    }
  }

  /// Judges for good, once all results are worked up; then calls `body`.
  func concludeLimits(
    of live: LiveExecution,
    then body: @escaping @Sendable (ExecutionController, LiveExecution) -> Void
  ) {
    guard !live.limits.isEmpty else { return body(self, live) }
    readLimits(of: live) { controller, live, readings, _ in
      let verdicts = live.limits.conclude(readings, elapsedSecs: live.ranSecs)
      controller.perform(live.machine.limitsConcluded(verdicts), on: live)
      body(controller, live)
    }
  }

  private func readLimits(
    of live: LiveExecution,
    then body:
      @escaping @Sendable (ExecutionController, LiveExecution, LimitReadings, Int64) -> Void
  ) {
    let (id, limits, regions) = (live.record.id, live.limits.limits, live.regionsByName)
    limitQueue.async {
      let began = Clock.monotonicNanos()
      var readings = LimitReadings()
      do {
        readings = try self.ingester.snapshot(id) {
          LimitReadings($0, for: limits, regions: regions)
        }
      } catch {
        self.log.error(
          "cannot read what limits are judged by", ["execution": "\(id)", "error": "\(error)"])
      }
      let (found, tookNanos) = (readings, Clock.monotonicNanos() - began)
      self.loop.execute {
        guard let live = self.executions[id] else { return }
        body(self, live, found, tookNanos)
      }
    }
  }
}

extension LiveExecution {
  var regionsByName: [String: ExecutionRegionID] {
    Dictionary(
      zip(regionRecords, regions).map { ($0.name, $1.id) },
      uniquingKeysWith: { first, _ in first })
  }

  /// When its first clients began, milliseconds since the Unix epoch: allocating came before.
  var beganAtMs: Int64? { regions.compactMap(\.startedAtMs).min() }

  /// Seconds under load; above 0.
  var ranSecs: Double {
    guard let began = beganAtMs, let end = record.finishedAtMs else { return 0.001 }
    return Double(max(1, end - began)) / 1_000
  }
}
