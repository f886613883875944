import Shared

extension Specification {
  private static func flag(_ name: String, _ isOn: Bool, _ description: String) -> Parameter {
    .query(name, .boolean(default: isOn), description)
  }

  private static func includes(up: Bool) -> [Parameter] {
    [
      flag("down", true, "Whether to include regions and chunks."),
      flag("up", up, "Whether to include the test configuration."),
      flag("includeScript", true, "Whether to include the script, without its text."),
      flag("includeSummary", true, "Whether to include summaries of the results."),
      flag("includeResources", false, "Whether to include the summary of each resource."),
    ]
  }

  private static let range: [Parameter] = [
    .query(
      "period", .choice(["recent", "7d", "1m", "3m"], default: "recent"),
      "The latest ones, or those created within a week, a month or three. Not looked at with "
        + "`start` or `end`."),
    .query(
      "start", .integer(Int64.min...Int64.max),
      "Only those created then or later, milliseconds since the Unix epoch."),
    .query(
      "end", .integer(Int64.min...Int64.max),
      "Only those created then or earlier; now if there is a `start`."),
    .offset,
    .query(
      "limit", .integer(-1...Int64.max),
      "How many to return at most; -1 stands for all. 15 when left out, all with a period other "
        + "than `recent`."),
  ]

  private static let list = APIOperation.Answer.json(
    .array(.component("Execution")), "The executions, newest first.")

  static let executions = Area(
    tag: "Executions", description: "Runs of test configurations.",
    operations: [
      .get(
        "executions", "listAllExecutions", "List all executions", "", includes(up: false) + range,
        list),
      .get(
        "test-confs/:conf/executions", "listExecutions",
        "List the executions of a test configuration", "", includes(up: false) + range, list),
      .get(
        "executions/:id", "getExecution", "Get an execution",
        "As long as `completed` is false, it is not over.",
        includes(up: true) + [
          flag("includeIntervals", false, "Whether to include the intervals.")
        ], .json(.component("Execution"), "The execution.")),
      .change(
        "HEAD", "executions/:id", "headExecution", "Check if an execution exists", "",
        includes(up: true) + [
          flag("includeIntervals", false, "As with GET.")
        ], answer: .empty(200, "It exists.")),
      .change(
        "DELETE", "executions/:id", "deleteExecution", "Delete an execution",
        "With all that belongs to it. Only once it is completed.",
        answer: .json(.component("Execution"), "The deleted execution, without results."),
        problems: [.conflict]),
      stream,
    ])

  private static let stream = APIOperation.get(
    "executions/:id/stream", "streamExecution", "Follow an execution",
    """
    Server-sent events: first what is there, then what changes, until the event `end`. Kinds are \
    `state` (the execution), `chunk`, `limit`, `interval` and `log`, each with one line of JSON as \
    the other routes have it. A client that connects again with the id of the last event that it \
    saw misses nothing and gets nothing twice.
    """,
    [
      .header("Last-Event-ID", .string, "Go on after this event."),
      .query("lastEventId", .string, "The same for clients that cannot set headers."),
      .query(
        "events",
        .string(pattern: "^(state|chunk|limit|interval|log)(,(state|chunk|limit|interval|log))*$"),
        "Only these kinds, separated by commas."),
    ],
    .text("text/event-stream", "The events."),
    .empty(204, "The execution is over and all of it was seen: do not connect again."))
}
