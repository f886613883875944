import Shared

extension Specification {
  private static let body = APIOperation.Content.json(
    .component("ScriptInput"), "The script. What cannot be run is refused, with its place.",
    example: .object([
      "name": .string("Hello"), "scriptType": .string("Steps"),
      "content": .object([
        "steps": .array([
          .object([
            "request": .object(["url": .string("http://127.0.0.1:8081/")]),
            "check": .array([.object(["status": .int(200)])]),
          ])
        ])
      ]),
    ]))

  static let scripts = Area(
    tag: "Scripts",
    description: "Scenarios: `Steps` in JSON, or `Code` in JavaScript.",
    operations: [
      .get(
        "scripts", "listScripts", "List scripts", "Without their texts, oldest first.",
        Parameter.page, .json(.array(.component("ScriptSummary")), "The scripts.")),
      .change(
        "POST", "scripts", "createScript", "Add a script", body: body,
        answer: .created(.component("Script"), "The new script.")),
      .get(
        "scripts/:id", "getScript", "Get a script", "With its text.", [],
        .json(.component("Script"), "The script.")),
      .change(
        "PUT", "scripts/:id", "updateScript", "Replace a script",
        "Executions keep the text they were created with.", body: body,
        answer: .json(.component("Script"), "The script as it is now.")),
      .change(
        "DELETE", "scripts/:id", "deleteScript", "Delete a script",
        "Not while a test configuration or an execution refers to it.",
        answer: .json(.component("Script"), "The deleted script."), problems: [.conflict]),
    ])
}
