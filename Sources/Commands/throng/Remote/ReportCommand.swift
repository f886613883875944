import Shared

extension Command {
  static let report = Command(
    path: ["report"], summary: "write reports of an execution to files", arguments: [.execution],
    options: [
      Option("pdf", value: "FILE", "a report to hand on, as PDF"),
      Option("junit", value: "FILE", "limits, suites and checks as JUnit XML, for CI"),
      Option("csv", value: "FILE", "every single result as CSV"),
      Option("har", value: "FILE", "the traces as HAR"),
      Option("dashboard", value: "NAME", "of the PDF: overview, resources or errors"),
      Option("tz", value: "ZONE", "of the PDF's times, e.g. Europe/Berlin (default UTC)"),
    ],
    choices: ["dashboard": ["overview", "resources", "errors"]],
    notes: """
      At least one of the files is needed; - stands for standard output. A file takes its name
      only when it is whole.
      """,
    examples: ["report latest --pdf report.pdf --junit junit.xml", "report 12 --csv - | gzip"],
    work: .remote { call in
      let parts = ReportCommand.parts.filter { call.options.has($0.flag) }
      guard !parts.isEmpty else {
        throw UsageError("one of --pdf, --junit, --csv and --har is needed")
      }
      if call.wantsJSON { throw UsageError("reports are files: --json says nothing of them") }
      let files = parts.compactMap { call.options.string($0.flag) }
      if let twice = files.first(where: { file in files.count { $0 == file } > 1 }) {
        throw UsageError(
          twice == "-"
            ? "only one report can go to standard output" : "two reports cannot both be \(twice)")
      }
      call.server.interrupts = try Interrupts()
      let execution = RemotePath("executions", try call.execution())
      for part in parts { try ReportCommand.fetch(part, execution, call) }
      return ExitCode.success
    })
}

enum ReportCommand {
  struct Part {
    var flag: String
    var route: String
    var contentType: String
  }

  static let parts = [
    Part(flag: "pdf", route: "results.pdf", contentType: "application/pdf"),
    Part(flag: "junit", route: "junit.xml", contentType: "application/xml"),
    Part(flag: "csv", route: "results.csv", contentType: "text/csv"),
    Part(flag: "har", route: "results.har", contentType: "application/json"),
  ]

  static func fetch(_ part: Part, _ execution: RemotePath, _ call: RemoteCall) throws {
    var path = execution.appending(part.route)
    if part.flag == "pdf" {
      path = path.with([
        ("tz", call.options.string("tz")), ("dashboardId", call.options.string("dashboard")),
      ])
    }
    let file = call.options.string(part.flag) ?? ""
    var download = Download(to: file)
    var request = RemoteRequest(path)
    request.contentType = part.contentType
    try download.fetch(request, from: call.server, call.screen)
    // Beside a report on standard output nothing else belongs there.
    let hasOutput = parts.contains { call.options.string($0.flag) == "-" }
    guard file != "-" else { return }
    let line = download.message + "\n"
    if hasOutput { ThrongCommand.write(2, line) } else { try call.screen.write(line) }
  }
}
