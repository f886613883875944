import Shared

extension Specification {
  private static let count = Schema.integer(0...Int64.max)
  private static let types = Schema.choice(MetricType.allCases.map(\.rawValue))

  private static let metric: [Schema.Member] = [
    .must("metricDef", .string, "Its name."), .must("metricType", types),
    .may("metricValue", .number, "Of a Counter."),
    .may(
      "metricValueMap", .map(.number),
      "Of a Histogram counts by key; of a Timing or Metered `count`, `mean`, `min`, `max`, `sum`, "
        + "`var`, `sd`, `p50`, `p90`, `p95`, `p99`, `p999`, and `last` where it is known."),
    .may("metricUnits", .string),
  ]

  static let readingSchemas: [(name: String, schema: Schema)] = [
    (
      "Summary",
      Schema.object(
        .identity + [
          .must("executionId", .id), .may("executionRegionId", .id), .may("resourceId", .id),
          .must(
            "intervalStart", .integer,
            "Milliseconds since the Unix epoch; 0 for the summary of all intervals."),
          .must("iterationsExecuted", count), .may("droppedIterations", count),
          .must("count", count),
          .must("concurrentClients", count), .must("actualConcurrentClients", count),
          .must("maxConcurrentClients", count), .must("metrics", .array(.component("Metric"))),
          .may("checks", .array(.component("CheckCount"))),
        ]
      ).described("Aggregated results: all of them, or those of one interval of ten seconds.")
    ),
    (
      "Metric", .object([.may("namespace", .string, "Left out for the system's.")] + metric)
    ),
    ("NamedMetric", .object([.must("namespace", .string)] + metric)),
    (
      "CheckCount",
      .object([.must("name", .string), .must("passes", count), .must("fails", count)])
    ),
    ("Resource", .object(.identity + [.must("resource", .string)])),
    (
      "ResourceReading",
      .object([
        .must("resource", .component("Resource")), .may("intervals", .array(.component("Summary"))),
        .must("summary", .component("Summary")),
      ])
    ),
    (
      "Result",
      Schema.object(
        .identity + [
          .must("executionId", .id), .must("executionRegionId", .id), .must("chunkId", .id),
          .must("connectionId", .string), .must("agentId", .string, "UUID of the agent."),
          .must("threadId", .string, "The client: `execution:region:client`."),
          .must("timestamp", .time), .must("client", count), .must("iteration", count),
          .must("overlap", .boolean), .must("resource", .component("Resource")),
          .must("metrics", .array(.component("ResultMetric"))),
        ]
      ).described("One request of one client in one iteration.")
    ),
    (
      "ResultMetric",
      .object([
        .must("metricDef", .string), .must("metricType", types),
        .may("metricKey", .string, "Of a Histogram."), .must("metricValue", .number),
        .may("metricUnits", .string),
      ])
    ),
  ]
}
