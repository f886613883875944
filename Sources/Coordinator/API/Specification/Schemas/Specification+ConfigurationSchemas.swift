import Shared

extension Specification {
  private static let clients = Schema.integer(1...Limits.clientsPerExecutionMax)
  private static let seconds = Schema.number(0...Limits.durationSecsMax, default: 0)

  private static let share = Schema.object(
    [
      .must("name", .string(1...100), "Of a region that exists."),
      .must("concurrentClients", clients),
    ],
    isClosed: true)

  /// What a configuration consists of beside its script.
  private static let settings: [Schema.Member] = [
    .may("concurrentClients", clients, "Of all regions; split evenly among names of regions."),
    .must(
      "regions",
      .anyOf([.array(share, 1...1_000), .array(.string(1...100), 1...1_000)]),
      "Regions with the clients of each, or names of regions."),
    .may("iterations", .integer(1...Limits.iterationsMax), "Of each client."),
    .may("durationSecs", .number(0.001...Limits.durationSecsMax)),
    .may(
      "load", .component("Load"),
      "How clients and iterations come; without it every client runs all the time."),
    .may(
      "iterationSleepSecs",
      .number(0...Double(Limits.stepsSleepMsMax / 1_000), default: 0),
      "Pause of a client between its iterations."),
    .may("rampupSecs", seconds, "Seconds over which clients begin one after the other."),
    .may(
      "manualStart", .boolean(default: false),
      "Clients get ready and wait for `PATCH /executions/{id}/start`."),
    .may("scriptParams", .anyOf([.map(.any), .string]), "An object, or such an object as text."),
    .may(
      "secrets", .array(.string, 0...Limits.secretsPerTestMax),
      "Names of `scriptParams` whose values are masked wherever they would be shown."),
    .may("tracing", .component("Tracing")),
    .may(
      "limits", .array(.component("LimitInput"), 0...Limits.limitsPerTestMax),
      "Criteria that decide whether the test has passed."),
    .may("requestTimeoutMs", .integer(1...Limits.stepsSleepMsMax, default: 30_000)),
    .may(
      "scriptTimeoutMs", .integer(10...60_000),
      "How long a Code script may hold its thread without waiting for anything."),
    .may("http", .component("HTTPSettings")),
  ]

  private static let ignored = [Schema.Member].ignored(
    "id", "createdAt", "updatedAt", "unreadable")

  private static func input(nameIsRequired: Bool) -> Schema {
    let name: Schema.Member =
      nameIsRequired
      ? .must("name", .string(1...200)) : .may("name", .string(0...200), "`Test` when left out.")
    return .object(
      [
        name, .may("scriptId", .id, "A stored script, or"),
        .may("script", .component("InlineScript"), "a script that comes along; one of the two."),
      ] + settings + ignored, isClosed: true)
  }

  static let configurationSchemas: [(name: String, schema: Schema)] = [
    (
      "TestConf",
      .object(
        .identity + [
          .must("name", .string), .must("scriptId", .id), .must("regions", .array(share)),
          .must("concurrentClients", .integer(1...Int64.max)),
          .may("iterations", .integer(1...Int64.max)), .may("durationSecs", .number),
          .may("load", .component("Load")), .must("iterationSleepSecs", .number),
          .must("rampupSecs", .number), .must("manualStart", .boolean),
          .must("scriptParams", .string, "A JSON object as text, secrets masked."),
          .must("tracing", .component("Tracing")), .must("secrets", .array(.string)),
          .must("requestTimeoutMs", .integer), .may("scriptTimeoutMs", .integer),
          .must("http", .component("HTTPSettings")),
          .must("limits", .array(.component("Limit"))),
          .may("unreadable", .array(.string), "What is damaged in the store: to be sent anew."),
        ])
    ),
    (
      "TestConfInput",
      input(nameIsRequired: true).described(
        "One of `scriptId` and `script`, and one of `iterations`, `durationSecs` and a `load` that "
          + "says it. What the `options` of a Code script settle may be left out.")
    ),
    (
      "StartInput",
      input(nameIsRequired: false).described("A test configuration, whose name may be left out.")
    ),
    (
      "Tracing",
      Schema.object(
        [
          .may("perMinute", .integer(1...Limits.tracesPerMinuteMax, default: 1)),
          .may("all", .boolean), .may("off", .boolean),
        ], isClosed: true
      ).described(
        "Which requests leave a trace: so many per resource, status and minute, all, or none.")
    ),
    (
      "HTTPSettings",
      .object(
        [
          .may("version", .choice(HTTPVersion.allCases.map(\.rawValue), default: "auto")),
          .may("verifyTls", .boolean), .may("caPem", .string(0...1 << 20), "Certificates in PEM."),
          .may("redirectsMax", .integer(0...100)),
          .may("bodyBytesMax", .integer(0...1 << 30)), .may("reuseConnections", .boolean),
          .may("userAgent", .string(0...1_000)),
        ], isClosed: true)
    ),
  ]
}
