import Shared

extension Specification {
  private static let latitude = Schema.number(-90...90, default: 0)
  private static let longitude = Schema.number(-180...180, default: 0)

  static let placeSchemas: [(name: String, schema: Schema)] = [
    (
      "Region",
      .object(
        .identity + [
          .must("name", .string), .must("public", .boolean), .must("latitude", .number),
          .must("longitude", .number), .must("description", .string), .must("active", .boolean),
        ])
    ),
    (
      "RegionInput",
      .object(
        [
          .must("name", .string(1...100), "Without control characters."),
          .may("public", .boolean(default: false)), .may("latitude", latitude),
          .may("longitude", longitude),
          .may("description", .string(0...1_000), "Shown in logs instead of the name."),
          .may("active", .boolean(default: true)),
        ], isClosed: true)
    ),
    (
      "Agent",
      .object(
        .identity + [
          .must("uuid", .string, "The agent's own, the same for ever."), .must("name", .string),
          .must("region", .string, "The name of its region."),
          .must("state", .choice(["connected", "draining", "disconnected"])),
          .must("capacity", .integer(0...Int64.max), "Clients that it takes."),
          .must("clients", .integer(0...Int64.max), "Clients that it has now."),
          .must("version", .string), .must("lastHeartbeat", .time),
          .may("health", agentHealth),
        ])
    ),
    (
      "DataTable",
      .object(
        .identity + [
          .must("name", .string), .must("columns", .array(.string)),
          .must("rows", .integer(0...Int64.max)),
          .must("length", .integer(0...Int64.max), "Bytes of its CSV."),
        ])
    ),
    (
      "DataTableInput",
      .object(
        [
          .must("name", .string(1...Limits.sharedNameLengthMax)),
          .must("content", .string(1...Limits.requestBodyBytesMax), "CSV with a header row."),
        ], isClosed: true)
    ),
  ]

  private static let agentHealth = Schema.object([
    .must("loopLagMs", .number, "How late its event loop is."),
    .must("cpu", .number, "Per cent of one core."), .must("rss", .integer, "Resident bytes."),
    .must("fds", .integer, "Open file descriptors."),
  ])
}
