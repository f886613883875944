import Shared

extension Specification {
  private static let count = Schema.integer(0...Int64.max)
  private static let url = Schema.string.with("format", .string("uri-reference"))

  static let fileSchemas: [(name: String, schema: Schema)] = [
    ("OutputFile", outputFile), ("DataStore", dataStore),
  ]

  private static let outputFile = Schema.object(
    .identity + [
      .must("capturedAt", .time), .must("name", .string), .must("type", .string, "Media type."),
      .must("charset", .string, "Empty where there is none."), .must("size", count, "Bytes."),
      .must("url", url), .must("viewUrl", url), .may("thumbnailUrl", url, "Of images."),
      .must("executionId", .id), .must("executionRegionId", .id), .may("regionId", .id),
      .may("locationId", .id), .must("chunkId", .id), .may("chunkIndex", count),
      .may("concurrentClientIndex", .integer, "Within the chunk."),
      .must("globalConcurrentClientIndex", count),
      .may("regionalConcurrentClientIndex", .integer), .must("iteration", count),
      .may("diffPercent", .number(0...100), "Pixels that differ from the baseline, per cent."),
      .may("diffProblem", .string, "Why it could not be compared."),
      .may("diffDataStore", .component("DataStore")), .may("expectDiff", .boolean),
      .may("firstVersion", .boolean), .may("resource", .string), .may("suite", .string),
      .may("test", .string), .may("suiteTestResultId", .id), .must("threadId", .string),
      .must("iterationId", .string), .must("isImage", .boolean),
      .must("isRelatedToFailure", .boolean), .may("agentId", .id),
    ])

  private static let dataStore = Schema.object(
    .identity + [
      .must("name", .string), .must("type", .string), .must("charset", .string),
      .must("size", count), .must("url", url), .must("viewUrl", url),
      .may("thumbnailUrl", url), .must("deleteUrl", url),
      .must("deleteType", .constant(.string("DELETE"))), .must("rows", .array(.any)),
      .must("firstVersion", .boolean), .must("testConfId", .id),
      .must("current", .boolean, "Whether images are compared with it now."),
    ]
  ).described("How an image looked before: what later ones are compared with.")
}
