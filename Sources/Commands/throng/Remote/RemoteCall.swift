import Foundation
import Shared

/// One subcommand at work: what it was told, whom to ask, and where to answer.
struct RemoteCall {
  let command: Command
  let options: ParsedOptions
  let server: RemoteServer
  let screen: Screen

  /// The only variables that these commands read: their flags have names that say little alone.
  static let environmentNames: Set<String> = ["THRONG_SERVER", "THRONG_SERVER_CA"]

  /// Whether programs read the output.
  var wantsJSON: Bool { options.has("json") }

  /// Reads `words`, does the work and says what went wrong. Answers the exit code.
  static func run(
    _ command: Command, _ words: [String], _ work: (RemoteCall) throws -> Int32
  ) -> Int32 {
    // A reader that has enough is noticed where its pipe is written to.
    signal(SIGPIPE, SIG_IGN)
    do {
      let environment = ProcessInfo.processInfo.environment.filter {
        environmentNames.contains($0.key)
      }
      let options = try command.parser.parse(words, environment: environment)
      if options.has("help") {
        return ThrongCommand.say(CommandHelp.text(command))
      }
      let call = RemoteCall(
        command: command, options: options, server: try RemoteServer(options), screen: Screen())
      for (index, argument) in command.arguments.enumerated()
      where argument.required && index >= options.arguments.count {
        throw UsageError("\(argument.name) is missing: \(command.usage)")
      }
      return try work(call)
    } catch {
      return ThrongCommand.failed(error, command: command.name)
    }
  }

  /// The argument at `index`, which may be left out.
  func argument(_ index: Int) -> String? {
    index < options.arguments.count ? options.arguments[index] : nil
  }

  /// The id at `index`.
  ///
  /// - Throws: `UsageError` when it is none.
  func id(_ index: Int = 0) throws -> String {
    let text = argument(index) ?? ""
    guard Self.isID(text) else { throw UsageError("\"\(text)\" is no id, such as 12") }
    return text
  }

  /// The execution's id at `index`; `latest` is the one that was created last.
  func execution(_ index: Int = 0) throws -> String {
    let text = argument(index) ?? ""
    if text == "latest" { return try latest() }
    guard Self.isID(text) else {
      throw UsageError("\"\(text)\" is no execution, such as 12 or latest")
    }
    return text
  }

  static func isID(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) } && Int64(text) != nil
  }

  private func latest() throws -> String {
    let path = RemotePath("executions").with([
      ("limit", "1"), ("down", "false"), ("includeScript", "false"), ("includeSummary", "false"),
    ])
    guard let id = try server.json(path).arrayValue?.first?.at("id")?.text else {
      throw RemoteError.failed("there is no execution yet")
    }
    return id
  }

  /// Shows what `path` answers: as it comes for programs, or as `show` has it.
  func answer(
    _ path: RemotePath, method: String = "GET", body: JSONValue? = nil,
    _ show: (JSONValue) throws -> Void
  ) throws -> Int32 {
    if wantsJSON {
      try passJSON(path, method: method, body: body)
    } else {
      try show(server.json(path, method: method, body: body))
    }
    return ExitCode.success
  }

  /// Prints an answer as it comes, and ends its line.
  func passJSON(_ path: RemotePath, method: String = "GET", body: JSONValue? = nil) throws {
    var last: UInt8?
    var filter = TerminalFilter(.json)
    try server.stream(RemoteRequest(path, method: method, body: body)) { bytes in
      last = bytes.last
      try screen.write(filter.take(bytes))
    }
    try screen.write(filter.end())
    if let last, last != UInt8(ascii: "\n") { try screen.write("\n") }
  }
}
