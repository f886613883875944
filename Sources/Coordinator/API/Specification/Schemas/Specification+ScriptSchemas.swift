import Shared

extension Specification {
  private static let kinds = ["Steps", "Code"]

  /// What scripts show everywhere.
  private static let shown: [Schema.Member] =
    .identity + [
      .must("name", .string),
      .must("length", .integer(0...Int64.max), "Characters of its text."),
      .must("hasInit", .boolean), .must("hasTeardown", .boolean),
      .must("scriptType", .choice(kinds)),
    ]

  private static let files = Schema.map(
    .oneOf([
      .string,
      .object(
        [.must("base64", .string.with("contentEncoding", .string("base64")))], isClosed: true),
    ])
  ).described("What a Code script can open, by name: a text, or bytes in base64.")

  private static func input(nameIsRequired: Bool) -> Schema {
    let name = Schema.string(nameIsRequired ? 1...200 : 0...200)
    return .object(
      [
        nameIsRequired ? .must("name", name) : .may("name", name, "The test's when left out."),
        .may("scriptType", .choice(kinds, default: "Steps")),
        .must(
          "content", .anyOf([.string, .component("StepsScript")]),
          "JavaScript of a Code script; of a Steps script its JSON, as a text or as it is."),
        .may("files", files),
      ] + .ignored("id", "createdAt", "updatedAt", "length", "hasInit", "hasTeardown"),
      isClosed: true)
  }

  static let scriptSchemas: [(name: String, schema: Schema)] = [
    ("ScriptSummary", .object(shown)),
    (
      "Script",
      .object(
        shown + [
          .must("content", .string, "Its text."), .may("init", .string), .may("teardown", .string),
        ])
    ),
    ("ScriptInput", input(nameIsRequired: true)),
    (
      "InlineScript",
      input(nameIsRequired: false).described("A script that comes with its test configuration.")
    ),
    (
      "StepsScript",
      Schema.object(
        [.must("steps", .array(.component("Step"), 0...Limits.stepsPerScriptMax))], isClosed: true
      ).described("What a client does in one iteration. Texts may have `${…}` in them.")
    ),
    ("Step", step), ("Extraction", extraction), ("ResponseCheck", responseCheck),
  ]

  private static let millis = Schema.integer(0...Limits.stepsSleepMsMax)

  private static let step = Schema.object(
    [
      .may("request", request, "An HTTP request."),
      .may(
        "extract", .map(.component("Extraction")), "Variables to take from the response, by name."),
      .may(
        "check", .array(.component("ResponseCheck"), 0...Limits.stepsChecksPerRequestMax),
        "What must hold of the response."),
      .may(
        "sleepMs",
        .oneOf([
          millis, .object([.must("min", millis), .must("max", millis)], isClosed: true),
        ]), "A pause, of a random length between two bounds or of a fixed one."),
      .may(
        "waitForEvent", .string(1...Limits.sharedNameLengthMax),
        "Waits until an event of this name is sent to the execution."),
      .may(
        "timeoutMs",
        .integer(1...Limits.stepsSleepMsMax, default: Int64(Limits.stepsEventTimeoutMs)),
        "How long to wait for the event."),
      .may(
        "repeat", .oneOf([.integer(0...Limits.iterationsMax), .string]), "Runs `steps` so often."),
      .may("if", .string(1...Limits.stepsConditionLengthMax), "Runs `steps` if this holds."),
      .may("steps", .array(.component("Step"))),
      .may("else", .array(.component("Step")), "Runs if the condition does not hold."),
    ], isClosed: true
  ).described("One of `request`, `sleepMs`, `waitForEvent`, `repeat` and `if`, with what it takes.")

  private static let request = Schema.object(
    [
      .may("method", .string(1...32).with("default", .string("GET"))),
      .must("url", .string(1...Limits.stepsTextLengthMax)),
      .may("name", .string(1...1_000), "The resource that results are grouped under."),
      .may("headers", .map(.string)), .may("body", .any, "A text, or JSON to be sent as such."),
      .may("form", .map(.any), "Fields of a form, instead of a body."),
      .may("timeoutMs", .integer(1...Limits.stepsSleepMsMax)),
    ], isClosed: true)

  private static let extraction = Schema.object(
    [
      .may("json", .string, "A path such as `$.items[0].id`."),
      .may("header", .string, "The name of a header."),
      .may("regex", .string, "A regular expression; its first group, or all that matches."),
    ], isClosed: true
  ).described("Exactly one of its members.").with("minProperties", .int(1))

  private static let responseCheck = Schema.object(
    [
      .may("name", .string(1...Limits.stepsCheckNameLengthMax)),
      .may("status", .oneOf([.integer(100...599), .array(.integer(100...599), 1...(.max))])),
      .may("json", .string, "A path, whose value is looked at."),
      .may("header", .string, "A header, whose value is looked at."),
      .may("bodyContains", .string), .may("maxMs", .integer(1...Limits.stepsSleepMsMax)),
      .may("equals", .any), .may("contains", .string), .may("exists", .boolean(default: true)),
    ], isClosed: true
  ).described(
    "Exactly one of `status`, `json`, `header`, `bodyContains` and `maxMs`; `json` and `header` "
      + "with one of `equals`, `contains` and `exists`.")
}
