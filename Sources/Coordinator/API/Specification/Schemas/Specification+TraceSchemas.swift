import Shared

extension Specification {
  private static let count = Schema.integer(0...Int64.max)

  private static let shown: [Schema.Member] =
    .identity + [
      .must("length", count, "Bytes of the response's body."), .must("traceAt", .time),
      .must("status", .string, "The status code, or why there was none."),
      .must("regionId", .id, "Of the execution region."), .must("resource", .string),
    ]

  static let traceSchemas: [(name: String, schema: Schema)] = [
    ("Trace", .object(shown)),
    (
      "TraceDetails",
      .object(
        shown + [
          .may("result", .component("Result")), .may("packets", .array(.component("Packet"))),
          .may("executionRegion", parent),
        ])
    ),
    (
      "Packet",
      .object(
        .identity + [
          .must("length", count, "Bytes of the body."),
          .must(
            "packetType",
            .choice([
              "DnsLookup", "ConnectionOpened", "TlsHandshake", "DataSent", "DataReceived",
              "ConnectionClosed",
            ])),
          .must("dataLength", count, "Bytes of it that `data` has."),
          .may("data", .string.with("contentEncoding", .string("base64"))),
          .may("headers", .string, "A JSON object as text."), .may("startLine", .string),
          .may("address", .string, "Of the peer."), .may("cut", .boolean),
          .must("packetAt", .time), .must("lastPacketAt", .time),
        ])
    ),
  ]

  private static let parent = Schema.object(
    .identity + [
      .must("executionId", .id), .must("running", .boolean), .may("startedAt", .time),
      .may("finishedAt", .time), .must("completed", .boolean), .must("concurrentClients", count),
      .may("region", .component("Region")),
    ])
}
