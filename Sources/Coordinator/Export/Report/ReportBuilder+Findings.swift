import Shared

extension ReportBuilder {
  /// How late an agent's event loop may run, p99 in milliseconds, before its measurements are
  /// doubted: as much as fast answers take.
  private static let tickLatencyMsMax = 20.0
  /// Seconds after which silence is no pause between two batches any more.
  private static let silenceSecsMax = 30.0
  private static let gapsShown = 5
  private static let logsShown = 15

  /// What was lost or degraded; one that says so when nothing was.
  var findings: [ReportFinding] {
    let found = lifeFindings + loadFindings + generatorFindings + gapFindings + logFindings
    guard found.isEmpty else { return found }
    let text =
      source.execution.startedAtMs == nil
      ? "Nothing has run yet."
      : source.isOngoing
        ? "Nothing so far." : "Nothing: all that was asked for ran and was counted."
    return [
      ReportFinding(text: text, tone: source.execution.startedAtMs == nil ? .muted : .good)
    ]
  }

  private var lifeFindings: [ReportFinding] {
    let execution = source.execution
    var found: [ReportFinding] = []
    if let failure = execution.failure {
      found.append(.init(text: "The execution failed: \(failure).", tone: .bad))
    }
    if execution.cancelledByUser {
      found.append(
        .init(text: "The test was stopped by the user before its goal was reached.", tone: .warning)
      )
    }
    let aborted = allErrors[.reason(.aborted)]
    if aborted > 0 {
      found.append(
        .init(
          text: "\(ReportText.counted(aborted, "request")) cut off when the test was stopped; "
            + "they count as failed.", tone: .warning))
    }
    return found
  }

  private var loadFindings: [ReportFinding] {
    var found: [ReportFinding] = []
    let dropped = overall.droppedIterations
    if dropped > 0 {
      let share = ReportText.share(dropped, of: dropped + overall.iterations)
      found.append(
        .init(
          text:
            "\(ReportText.counted(dropped, "iteration")) dropped (\(share) of those asked for): "
            + "no client was free, or no time left, when they were to begin, so the load was "
            + "lower than planned.",
          tone: .bad))
    }
    if overall.failedIterations > 0 {
      let share = ReportText.share(overall.failedIterations, of: overall.iterations)
      found.append(
        .init(
          text: "The script failed in \(ReportText.counted(overall.failedIterations, "iteration")) "
            + "(\(share)); what came after in them was not requested.", tone: .bad))
    }
    if resources.contains(where: { $0.name == "(other)" }) {
      found.append(
        .init(
          text: "There were too many different resources; the last ones are counted together as "
            + "(other).", tone: .warning))
    }
    return found
  }

  /// When the generator, not the target, is the bottleneck, numbers say more about the agents.
  private var generatorFindings: [ReportFinding] {
    var found: [ReportFinding] = []
    let ticks = overall.tickLatency
    let late = ticks.percentile(0.99) / 1_000
    if ticks.count > 0, late >= Self.tickLatencyMsMax {
      found.append(
        .init(
          text:
            "Agents were busy: their event loops ran up to \(ReportText.milliseconds(late)) late "
            + "(p99 of tickLatencyMs), so response times may be too high by as much. More agents "
            + "would help.", tone: .warning))
    }
    let starved = allErrors[.reason(.agentResources)]
    if starved > 0 {
      found.append(
        .init(
          text:
            "\(ReportText.counted(starved, "request")) failed because an agent ran out of ports, "
            + "files or memory: the target never saw them.", tone: .bad))
    }
    if scan.every > 1 {
      found.append(
        .init(
          text: "The charts show one interval of \(scan.every), since there are very many. Tables "
            + "count everything.", tone: .muted))
    }
    return found
  }

  private var gapFindings: [ReportFinding] {
    let gaps = scan.gaps
    var found = gaps.prefix(Self.gapsShown).map { gap in
      let seconds = Double(gap.toMs - gap.fromMs) / 1_000
      return ReportFinding(
        text: "For \(ReportText.duration(seconds: seconds)) from \(zone.dateTime(gap.fromMs)) on "
          + "there is nothing: neither results nor a word of an agent.", tone: .warning)
    }
    if gaps.count > Self.gapsShown {
      found.append(
        .init(text: "There are \(gaps.count - Self.gapsShown) more such gaps.", tone: .warning))
    }
    if let silence { found.append(silence) }
    return found
  }

  /// Clients run, but nothing has come of them for a while.
  private var silence: ReportFinding? {
    let execution = source.execution
    guard execution.running, execution.finishedAtMs == nil, execution.startedAtMs != nil else {
      return nil
    }
    let since = scan.intervals.last.map { $0 + Limits.intervalMs } ?? source.beganMs
    let seconds = Double(source.nowMs - since) / 1_000
    guard seconds >= Self.silenceSecsMax else { return nil }
    return ReportFinding(
      text: "Nothing has come for \(ReportText.duration(seconds: seconds)), since "
        + "\(zone.dateTime(since)).", tone: .warning)
  }

  private var logFindings: [ReportFinding] {
    let told = source.problems.filter { $0.isSystem && !Self.isToldElsewhere($0.message, source) }
    var found = told.prefix(Self.logsShown).map { problem in
      ReportFinding(
        text: "\(zone.time(problem.firstAtMs)): \(problem.message)"
          + (problem.count > 1 ? " (\(problem.count) times)" : ""),
        tone: problem.level == "Warning" ? .warning : .bad)
    }
    if told.count > Self.logsShown {
      found.append(
        .init(
          text: "The log has \(told.count - Self.logsShown) more warnings and errors.",
          tone: .warning))
    }
    let scripts = source.problems.filter { !$0.isSystem }
    let count = scripts.reduce(0) { $0 + $1.count }
    if count > 0 {
      let counted = ReportText.counted(count, "warning or error", "warnings and errors")
      let different = ReportText.counted(scripts.count, "different message")
      found.append(
        .init(
          text: "The script logged \(counted), with \(different); the report with "
            + "dashboardId=errors lists them.", tone: .warning))
    }
    return found
  }

  /// Limits have a table, dropped iterations and the failure a line of their own.
  private static func isToldElsewhere(_ message: String, _ source: ReportSource) -> Bool {
    message.hasPrefix("Limit breached: ") || message.contains(" iterations were dropped: ")
      || message == source.execution.failure
  }
}
