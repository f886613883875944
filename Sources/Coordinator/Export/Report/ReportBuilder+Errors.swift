import Shared

extension ReportBuilder {
  var errorsBlocks: [ReportBlock] {
    let tables = errorKinds + errorResources + failedChecks + failedTests + logProblems
    guard scan.timeline.count > 0 || !tables.isEmpty else {
      return [verdict, .paragraph("There are no results yet.", .muted)]
    }
    let total = overall.count
    let failed = overall.failures
    return [
      verdict,
      .figures([
        ReportFigure(name: "Requests", value: String(total)),
        ReportFigure(
          name: "Failed requests", value: String(failed), tone: failed > 0 ? .bad : .normal),
        ReportFigure(
          name: "Share failed", value: ReportText.share(failed, of: total),
          tone: failed > 0 ? .bad : .normal),
        ReportFigure(
          name: "Failed checks",
          value: String(overall.checks.reduce(Int64(0)) { $0.plus($1.fails) }),
          tone: overall.checks.contains { $0.fails > 0 } ? .bad : .normal),
        ReportFigure(
          name: "Failed tests", value: String(source.suites.reduce(0) { $0 + $1.failed }),
          tone: source.suites.contains { $0.failed > 0 } ? .bad : .normal),
        ReportFigure(
          name: "Failed iterations", value: String(overall.failedIterations),
          tone: overall.failedIterations > 0 ? .bad : .normal),
      ]),
      .charts([errorChart], height: 140),
    ]
      + (tables.isEmpty
        ? [.paragraph("No request, check or test failed, and nothing was logged as wrong.", .good)]
        : tables)
  }

  /// Rows of each table of errors.
  private static let rowsMax = 200

  private var errorKinds: [ReportBlock] {
    let ranked = allErrors.ranked
    guard !ranked.isEmpty else { return [] }
    let rows: [[ReportTable.Cell]] = ranked.prefix(Self.rowsMax).map { entry in
      let seen = scan.occurrences[entry.kind]
      let example = examples[entry.kind].map {
        "client \($0.client), iteration \($0.iteration): \($0.resource)"
      }
      return [
        .init(entry.kind.name, .bad, isBold: true), .init(entry.kind.explanation),
        .count(entry.count), .init(ReportText.share(entry.count, of: overall.count)),
        .init(seen.map { moment($0.firstMs) } ?? "–"),
        .init(seen.map { moment($0.lastMs) } ?? "–"),
        .init(example ?? "–", .muted),
      ]
    }
    return [
      .heading("By kind"),
      .table(
        ReportTable(
          columns: [
            .label("Kind"), .text("Meaning", weight: 0.9, lines: 3), .number("Count"),
            .number("Share"), .label("First"), .label("Last"), .text("Example", lines: 3),
          ], rows: rows,
          note:
            "First and last: the 10 seconds in which they began (\(zone.name)). Statuses of 400 "
            + "and more are shown even where the script accepts them.")),
    ]
  }

  /// With the date where the test did not end on the day on which it began.
  private func moment(_ ms: Int64) -> String {
    zone.date(source.beganMs) == zone.date(source.endedMs)
      ? zone.time(ms) : "\(zone.day(ms)), \(zone.time(ms))"
  }

  private var errorResources: [ReportBlock] {
    let failing = resources.filter { !$0.errors.counts.isEmpty }
      .sorted { ($1.errors.total, $0.id) < ($0.errors.total, $1.id) }
    guard !failing.isEmpty else { return [] }
    let shown = failing.prefix(Self.rowsMax)
    let rows: [[ReportTable.Cell]] = shown.map { resource in
      let kinds = resource.errors.ranked
      let named = kinds.prefix(6).map { "\($0.kind.name): \($0.count)" }.joined(separator: ", ")
      return [
        .init(resource.name), .count(resource.totals.count), .errors(resource.failures),
        .init(ReportText.share(resource.failures, of: resource.totals.count)),
        .init(kinds.count > 6 ? named + ", …" : named),
      ]
    }
    return [
      .heading("By resource"),
      .table(
        ReportTable(
          columns: [
            .text("Resource", lines: 3), .number("Requests"), .number("Failed"), .number("Share"),
            .text("Kinds", weight: 0.8, lines: 3),
          ], rows: rows, note: Self.leftOut(failing.count - shown.count, "resource"))),
    ]
  }

  private var failedChecks: [ReportBlock] {
    let checks = source.aggregator.checks(region: source.region)
    let errors = Dictionary(grouping: checks.errors, by: \.key)
    let failed = checks.summaries.filter { $0.failed > 0 }.sorted { $0.failed > $1.failed }
    guard !failed.isEmpty else { return [] }
    let shown = failed.prefix(Self.rowsMax)
    return [
      .heading("Failed checks"),
      .table(
        ReportTable(
          columns: [
            .text("Check", lines: 2), .number("Failed"), .number("Passed"), .number("Share failed"),
            .label("First"), .label("Last"), .text("Example", weight: 0.45, lines: 2),
          ],
          rows: shown.map { check in
            let error = errors[check.key]?.first
            let who = error.map {
              "client \($0.example.moment.client), iteration \($0.example.moment.iteration)"
            }
            return [
              .init(
                check.suite == CheckPath.noGroup ? check.test : "\(check.suite): \(check.test)"),
              .errors(check.failed), .count(check.passed),
              .init(ReportText.share(check.failed, of: check.executed)),
              .init(error.map { moment($0.firstAtMicros / 1_000) } ?? "–"),
              .init(error.map { moment($0.lastAtMicros / 1_000) } ?? "–"),
              .init(who ?? "–", .muted),
            ]
          }, note: Self.leftOut(failed.count - shown.count, "check"))),
    ]
  }

  private var failedTests: [ReportBlock] {
    guard !source.suiteErrors.isEmpty else { return [] }
    let shown = source.suiteErrors.prefix(Self.rowsMax)
    let rows: [[ReportTable.Cell]] = shown.map { error in
      let example = source.failedTests.first {
        $0.result.suite == error.suite && $0.result.test == error.test
          && ($0.result.message ?? "") == error.message
      }
      let who = example.map {
        "client \($0.result.moment.client), iteration \($0.result.moment.iteration)"
      }
      return [
        .init("\(error.suite): \(error.test)"), .init(error.message), .errors(error.count),
        .init(moment(error.firstAtMicros / 1_000)), .init(moment(error.lastAtMicros / 1_000)),
        .init(who ?? "–", .muted),
      ]
    }
    return [
      .heading("Failed tests"),
      .table(
        ReportTable(
          columns: [
            .text("Test", weight: 0.8, lines: 2), .text("Message", lines: 4), .number("Count"),
            .label("First"), .label("Last"), .text("Example", weight: 0.45, lines: 2),
          ], rows: rows, note: Self.leftOut(source.suiteErrors.count - shown.count, "failure"))),
    ]
  }

  private var logProblems: [ReportBlock] {
    guard !source.problems.isEmpty else { return [] }
    let rows: [[ReportTable.Cell]] = source.problems.map { problem in
      let who = problem.moment.map { "client \($0.client), iteration \($0.iteration)" }
      return [
        .init(moment(problem.firstAtMs)),
        .init(problem.level, problem.level == "Warning" ? .warning : .bad, isBold: true),
        .init(problem.message), .count(problem.count),
        .init(problem.isSystem ? "system" : who ?? "script", .muted),
      ]
    }
    return [
      .heading("Warnings and errors of the log"),
      .table(
        ReportTable(
          columns: [
            .label("First"), .label("Level"), .text("Message", lines: 4), .number("Count"),
            .text("Source", weight: 0.25, lines: 2),
          ], rows: rows)),
    ]
  }
}
