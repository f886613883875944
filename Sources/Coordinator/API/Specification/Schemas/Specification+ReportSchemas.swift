import Shared

extension Specification {
  static let reportSchemas: [(name: String, schema: Schema)] = [
    ("HAR", har), ("Comparison", comparison), ("ComparedScope", scope),
    ("ComparedFigures", figures), ("Difference", difference), ("OddResource", odd),
  ]

  private static let har = Schema.object([
    .must(
      "log",
      .object([
        .must("version", .constant(.string("1.2"))), .must("creator", .map(.any)),
        .must("entries", .array(.map(.any))),
      ]))
  ]).described("An HTTP archive, version 1.2.")

  private static let count = Schema.integer(0...Int64.max)
  private static let verdict = Schema.choice(ComparisonVerdict.allCases.map(\.rawValue))

  private static let comparison = Schema.object([
    .must("verdict", verdict), .must("baseline", .id), .must("confidence", .number),
    .must("minChangePercent", .number),
    .must(
      "correction",
      .object([
        .must("method", .string), .must("comparisons", count), .must("confidence", .number),
      ]), "So many differences are looked at that each is held to a stricter confidence."),
    .must("executions", .array(execution)), .must("overall", .component("ComparedScope")),
    .must("resources", .array(.component("ComparedScope")), "The worst regressions first."),
    .must("missing", .array(.component("OddResource")), "Resources of the baseline alone."),
    .must("new", .array(.component("OddResource")), "Resources that the baseline has not."),
  ])

  private static let execution = Schema.object([
    .must("id", .id),
    .must("testConf", .object([.must("id", .id), .may("name", .string)])),
    .must("createdAt", .time), .may("startedAt", .time), .may("finishedAt", .time),
    .must("completed", .boolean), .must("durationSecs", .number),
    .must("concurrentClients", count), .may("verdict", verdict, "Of all but the baseline."),
  ])

  private static let scope = Schema.object([
    .may("resource", .component("Resource"), "Left out overall."), .must("verdict", verdict),
    .must("executions", .array(.component("ComparedFigures"))),
    .must(
      "differences",
      .array(
        .object([
          .must("executionId", .id), .must("verdict", verdict),
          .must("statistics", .array(.component("Difference"))),
        ]))),
  ])

  private static let latency = Schema.map(.number)

  private static let figures = Schema.object([
    .must("executionId", .id), .must("count", count), .may("requestsPerSec", .number),
    .may("errorRate", .number), .may("firstReceivedMs", latency),
    .may("connectionCloseMs", latency),
  ])

  private static let difference = Schema.object([
    .must("metric", .string), .must("statistic", .string), .must("baseline", .number),
    .must("value", .number), .must("change", .number), .may("changePercent", .number),
    .may(
      "interval", .object([.must("low", .number), .must("high", .number)]),
      "Where the change lies with the confidence asked for."),
    .must("significant", .boolean), .must("verdict", verdict),
  ])

  private static let odd = Schema.object([
    .must("executionId", .id), .must("resource", .component("Resource")),
  ])
}
