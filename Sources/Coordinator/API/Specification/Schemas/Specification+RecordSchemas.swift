import Shared

extension Specification {
  private static let kind = Schema.choice(["test", "check"])
  private static let count = Schema.integer(0...Int64.max)

  static let recordSchemas: [(name: String, schema: Schema)] = [
    (
      "LogEntry",
      .object(
        .identity + [
          .must("level", .choice(["Trace", "Debug", "Info", "Warning", "Error", "Fatal"])),
          .must("msg", .string), .must("length", count, "Characters of the message."),
          .must("isSystem", .boolean, "Of the coordinator, not of a script."),
          .may("client", count), .may("iteration", count), .must("loggedAt", .time),
        ])
    ),
    (
      "Log",
      .object([
        .must("size", count, "How many entries follow."),
        .must("logs", .array(.component("LogEntry"))),
      ])
    ),
    (
      "SuiteResult",
      .object(
        .identity + [
          .must("executionId", .id), .must("executionRegionId", .id), .must("region", .string),
          .must("chunkId", .id), .may("agentId", .string), .must("threadId", .string),
          .may("connectionId", .string), .must("timestamp", .time), .must("client", count),
          .must("iteration", count), .must("suite", .string), .must("test", .string),
          .must("passed", .boolean), .may("durationMs", .number, "Of a test: a check has none."),
          .may("message", .string), .may("stack", .string), .must("kind", kind),
          .may("resultId", .id, "The request's result that a check followed."),
        ])
    ),
    ("SuiteSummary", suiteSummary), ("SuiteError", suiteError),
  ]

  private static let durations = Schema.object(
    ["mean", "min", "max", "sd", "p50", "p95", "p99"].map { .must($0, .number) })

  private static let suiteSummary = Schema.object([
    .must("suite", .string), .must("test", .string), .must("executed", count),
    .must("passed", count), .must("failed", count), .must("screenshots", count, "Images."),
    .must("outputFiles", count, "All files, images too."),
    .may("durationMs", durations, "Of a test: a check has none."), .must("kind", kind),
    .must("firstAt", .time), .must("lastAt", .time), .may("firstFailureAt", .time),
    .may("lastFailureAt", .time), .may("errors", .array(suiteErrorOfTest), "With `includeErrors`."),
  ])

  private static let errorMembers: [Schema.Member] = [
    .must("message", .string), .must("count", count), .must("firstAt", .time),
    .must("lastAt", .time),
    .must("regions", .array(.object([.must("id", .id), .must("name", .string)]))),
    .must(
      "example",
      .object([
        .must("client", count), .must("iteration", count), .must("threadId", .string),
        .may("stack", .string),
      ]), "The first one."),
  ]

  private static let suiteErrorOfTest = Schema.object(errorMembers)

  private static let suiteError = Schema.object(
    [.must("suite", .string), .must("test", .string), .must("kind", kind)] + errorMembers)
}
