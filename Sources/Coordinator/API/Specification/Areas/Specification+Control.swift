import Shared

extension Specification {
  private static let changed = APIOperation.Answer.json(
    .component("Execution"), "The execution as it is now, without results.")

  /// PATCH and PUT do the same.
  private static func changes(
    _ action: String, _ id: String, _ summary: String, _ details: String
  ) -> [APIOperation] {
    ["PATCH", "PUT"].map { method in
      .change(
        method, "executions/:id/\(action)", method == "PATCH" ? id : "\(id)ByPut", summary,
        "\(details) It takes no body.", answer: changed, problems: refusals)
    }
  }

  /// A body where none is taken is read all the same: what it asks for must not be ignored.
  private static let refusals: [Problem.Kind] = [
    .conflict, .malformedJSON, .bodyTooLarge, .unsupportedMediaType,
  ]

  static let control = Area(
    tag: "Control", description: "Beginning, changing and ending executions.",
    operations: [
      .change(
        "POST", "test-confs/:conf/executions", "createExecution", "Start an execution",
        "It begins at once, unless the configuration has `manualStart`. It takes no body.",
        answer: .created(.component("Execution"), "The new execution."), problems: refusals),
      .change(
        "POST", "start", "startAtOnce", "Script, configuration and execution in one call",
        body: start, answer: .created(.component("Execution"), "The new execution."),
        problems: [.conflict, .notFound]),
    ]
      + changes(
        "start", "startExecution", "Start by hand",
        "Begins an execution that waits for it; one that has begun is left alone.")
      + changes(
        "manual-start", "manualStartExecution", "Start by hand", "The same as `start`.")
      + changes(
        "stop", "stopExecution", "Stop an execution",
        "Iterations that run get a few seconds to end. It is over when `completed` is true.")
      + [extend, sendEvent])

  private static var start: APIOperation.Content {
    var example = configurationExample
    example["script"] = .object([
      "content": .object([
        "steps": .array([
          .object(["request": .object(["url": .string("http://127.0.0.1:8081/")])])
        ])
      ])
    ])
    return .json(
      .component("StartInput"), "A configuration, mostly with its script in it.",
      example: .object(example))
  }

  private static let extend = APIOperation.change(
    "POST", "executions/:id/live-extension", "extendExecution", "Extend or shorten an execution",
    "A goal that has been passed already ends the test after the iterations that run now.",
    body: .json(
      .component("ExtensionInput"), "The new goal.", example: .object(["newIterations": .int(5)])),
    answer: changed, problems: [.conflict])

  private static let sendEvent = APIOperation.change(
    "POST", "executions/:id/send-event", "sendEvent", "Send an event to all virtual users",
    "Each that runs at that moment gets it once.",
    body: .json(
      .component("EventInput"), "The event.",
      example: .object([
        "name": .string("load-url"), "contents": .string("https://www.amazon.com"),
      ])),
    answer: .json(.component("SentEvent"), "It is on its way."),
    problems: [.conflict, .tooManyRequests])
}
