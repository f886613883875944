import Shared

extension Specification {
  private static let count = Schema.integer(0...Int64.max)

  /// What is to be done, of an execution and of a chunk.
  private static let goal: [Schema.Member] = [
    .may("iterations", count, "Of each client."), .may("durationSecs", .number),
    .may("load", .component("Load")), .must("iterationSleepSecs", .number),
    .must("rampupSecs", .number),
  ]

  private static let clients: [Schema.Member] = [
    .must("concurrentClients", count), .must("actualConcurrentClients", count),
  ]

  private static let expected = Schema.Member.may(
    "expectedResultCount", count, "One per iteration, where their number is known beforehand.")

  /// When it ran.
  private static let life: [Schema.Member] = [
    .must("running", .boolean), .may("startedAt", .time), .may("finishedAt", .time),
    .must("completed", .boolean),
  ]

  static let executionSchemas: [(name: String, schema: Schema)] = [
    ("Execution", execution),
    (
      "ExecutionRegion",
      .object(
        .identity + life + clients + [
          expected, .may("region", .component("Region")), .may("summary", .component("Summary")),
          .may("chunks", .array(.component("Chunk")), "The work, as it went to agents."),
        ])
    ),
    (
      "Chunk",
      .object(
        [
          .must("id", .id), .must("executionType", .choice(["Main", "Init", "Teardown"])),
          .must("agent", .string, "UUID of the agent."), .must("createdAt", .time),
          .must("updatedAt", .time),
        ] + life + goal + clients + [
          .must("completedDurationSecs", .number), .must("completedIterations", count),
        ])
    ),
    (
      "EventInput",
      .object(
        [
          .must("name", .string(1...Limits.sharedNameLengthMax)),
          .may(
            "contents", .any, "Any JSON of at most \(Limits.eventContentsBytesMax) bytes."),
        ], isClosed: true)
    ),
    (
      "SentEvent", .object([.must("eventId", .id, "The event's number within the execution.")])
    ),
    (
      "ExtensionInput",
      Schema.object(
        [
          .may("newIterations", .integer(1...Limits.iterationsMax)),
          .may("newDuration", .number(0.001...Limits.durationSecsMax), "Seconds."),
        ], isClosed: true
      ).with("minProperties", .int(1)).with("maxProperties", .int(1)).described(
        "`newIterations` for a test that runs for iterations, `newDuration` for one that runs "
          + "for a duration.")
    ),
  ]

  private static let execution = Schema.object(
    .identity + life + [
      .must("allocated", .boolean, "Whether agents have taken all of it."),
      .must("cancelledByUser", .boolean), .must("summaryCalculated", .boolean),
      .must("limitBreached", .boolean),
      .may("failure", .string, "Why it could not be carried out."),
      .may("unreadable", .array(.string), "What is damaged in the store, and not as it was."),
    ] + goal + [.must("manualStart", .boolean)] + clients + [
      expected, .must("scriptParams", .string, "A JSON object as text, secrets masked."),
      .must("tracing", .component("Tracing")), .must("secrets", .array(.string)),
      .may("limits", .array(.component("LimitState"))),
      .may("regions", .array(.component("ExecutionRegion"))),
      .may("summary", .component("Summary")), .may("intervals", .array(.component("Summary"))),
      .may("resources", .array(.component("ResourceReading"))),
      .may("script", .component("ScriptSummary")), .may("testConf", .component("TestConf")),
    ])
}
