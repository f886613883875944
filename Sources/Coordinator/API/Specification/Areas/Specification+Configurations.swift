import Shared

extension Specification {
  /// Members of a good configuration, beside its script.
  static let configurationExample: JSONObject = [
    "name": .string("Five clients"),
    "regions": .array([
      .object(["name": .string("eu-west"), "concurrentClients": .int(5)])
    ]),
    "iterations": .int(20), "iterationSleepSecs": .int(0), "rampupSecs": .int(0),
    "manualStart": .bool(true), "scriptParams": .object(["symbol": .string("IBM")]),
    "tracing": .object(["perMinute": .int(1)]),
    "limits": .array([
      .object([
        "metric": .string("firstReceivedMs"), "statistic": .string("p95"), "op": .string("<"),
        "value": .int(500),
      ])
    ]),
  ]

  private static var body: APIOperation.Content {
    var example = configurationExample
    example["scriptId"] = .int(1)
    return .json(
      .component("TestConfInput"), "The configuration.", example: .object(example))
  }

  static let configurations = Area(
    tag: "Test configurations",
    description: "A script, the clients of each region, how long they run, and what must hold.",
    operations: [
      .get(
        "test-confs", "listTestConfs", "List test configurations", "Oldest first.",
        Parameter.page, .json(.array(.component("TestConf")), "The configurations.")),
      .change(
        "POST", "test-confs", "createTestConf", "Add a test configuration",
        "Its regions exist: they were added, or an agent has joined in them.", body: body,
        answer: .created(.component("TestConf"), "The new configuration.")),
      .get(
        "test-confs/:id", "getTestConf", "Get a test configuration", "", [],
        .json(.component("TestConf"), "The configuration.")),
      .change(
        "HEAD", "test-confs/:id", "headTestConf", "Check if a test configuration exists",
        answer: .empty(200, "It exists.")),
      .change(
        "PUT", "test-confs/:id", "updateTestConf", "Replace a test configuration",
        "Executions keep what they were created with.", body: body,
        answer: .json(.component("TestConf"), "The configuration as it is now.")),
      .change(
        "DELETE", "test-confs/:id", "deleteTestConf", "Delete a test configuration",
        "Not while there are executions of it.",
        answer: .json(.component("TestConf"), "The deleted configuration."), problems: [.conflict]),
    ])
}
