import Shared

extension Specification {
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
          .must("passed", .boolean), .must("durationMs", .number), .may("message", .string),
          .may("stack", .string),
        ])
    ),
    ("SuiteSummary", suiteSummary), ("SuiteError", suiteError),
  ]

  private static let suiteSummary = Schema.object([
    .must("suite", .string), .must("test", .string), .must("count", count, "Executed."),
    .must("passed", count), .must("failed", count), .must("outputFiles", count),
    .must("meanDurationMs", .number), .must("firstAt", .time), .must("lastAt", .time),
    .may("errors", .array(suiteErrorOfTest), "With `includeErrors`."),
  ])

  private static let errorCounts: [Schema.Member] = [
    .must("message", .string), .must("count", count), .must("firstAt", .time),
    .must("lastAt", .time),
  ]

  private static let suiteErrorOfTest = Schema.object(errorCounts)

  private static let suiteError = Schema.object(
    [.must("suite", .string), .must("test", .string)] + errorCounts)
}
