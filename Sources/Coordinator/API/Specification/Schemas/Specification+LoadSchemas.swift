import Shared

extension Specification {
  private static let seconds = Schema.number(0...Limits.durationSecsMax)
  private static let maxDuration = Schema.Member.may(
    "maxDurationSecs", .number(0.001...Limits.durationSecsMax))

  private static let common: [Schema.Member] = [
    .may("startDelaySecs", seconds),
    .may("gracefulStopSecs", seconds, "Seconds that running iterations get at the end."),
  ]

  private static func load(_ model: LoadBody.Model, _ members: [Schema.Member]) -> Schema {
    .object(
      [.must("model", .constant(.string(model.rawValue)))] + members + common, isClosed: true)
  }

  private static func stages(_ target: String, _ schema: Schema) -> Schema.Member {
    .must(
      "stages",
      .array(
        .object([.must("durationSecs", seconds), .must(target, schema)], isClosed: true),
        1...Limits.loadStagesMax))
  }

  private static let most = Schema.integer(0...Limits.clientsPerExecutionMax)
  private static let rate = Schema.number(0...Limits.arrivalsPerSecMax)

  /// What criteria consist of.
  private static let criterion: [Schema.Member] = [
    .may("resource", .string(0...Limits.stepsTextLengthMax), "Only its results count."),
    .may("region", .string(0...100), "Only results of this region count."),
  ]

  private static let threshold = Schema.object(
    [.must("metric", .string(1...1_000)), .must("expression", .string(1...1_000))],
    isClosed: true
  ).described("The k6 threshold that the limit stands for.")

  private static let operators = Schema.choice(LimitOperator.allCases.map(\.rawValue))

  private static let statistic = Schema.string(
    pattern: #"^(count|mean|min|max|sd|rate|value|p[0-9.]+)$"#)

  private static let shown: [Schema.Member] =
    [
      .must("metric", .string), .must("namespace", .string), .must("statistic", statistic),
      .must("op", operators), .must("value", .number),
    ] + criterion + [
      .must("afterSecs", .number), .must("stop", .boolean), .must("atEnd", .boolean),
      .may("threshold", threshold),
    ]

  static let loadSchemas: [(name: String, schema: Schema)] = [
    (
      "Load",
      .oneOf([
        load(.closed, [maxDuration]),
        load(
          .sharedIterations,
          [.must("iterations", .integer(1...Limits.iterationsMax)), maxDuration]),
        load(
          .rampingClients,
          [
            .may("startClients", most), stages("clients", most),
            .may("gracefulRampDownSecs", seconds),
          ]),
        load(
          .arrivalRate,
          [
            .may("startRate", rate), stages("iterationsPerSec", rate),
            .may("maxClients", .integer(1...Limits.clientsPerExecutionMax)),
          ]),
      ])
    ),
    (
      "LimitInput",
      .object(
        [
          .must("metric", .string(1...255), "Such as `firstReceivedMs`."),
          .may(
            "namespace",
            .string(1...255).with(
              "default", .string(MetricDefinition.systemNamespace)),
            "`\(TestLimit.userNamespace)` for metrics of scripts."),
          .must("statistic", statistic), .must("op", operators), .must("value", .number),
        ] + criterion + [
          .may("afterSecs", .number(0...Limits.durationSecsMax, default: 0)),
          .may("stop", .boolean(default: false), "A breach ends the execution."),
          .may("atEnd", .boolean(default: false), "Judged at the end only."),
          .may("threshold", threshold),
        ], isClosed: true)
    ),
    ("Limit", .object(shown)),
    (
      "LimitState",
      .object(
        shown + [
          .may("measured", .number, "As of now, or when it was breached."),
          .must("breached", .boolean),
        ])
    ),
  ]
}
