extension Specification {
  private static let parameters: [Parameter] =
    [
      .query("asc", .boolean(default: true), "Whether the oldest entries come first."),
      .query(
        "systemOnly", .boolean(default: false), "Whether to leave out what scripts have logged."),
    ] + Parameter.page

  static let logs = Area(
    tag: "Logs", description: "What happened, and what scripts said.",
    operations: .gets(
      "logs", in: [.execution], "getLog", "Log", "", parameters,
      .json(.component("Log"), "The entries."))
      + .gets(
        "logs.txt", in: [.execution], "downloadLog", "Log as text", "", parameters,
        .download("text/plain", "Lines such as `2016-03-10T18:57:37.069Z INFO Test completed`.")))
}
