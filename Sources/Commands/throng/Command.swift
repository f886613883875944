import Shared

/// One subcommand: what reading its line, its help and its completion know of it.
struct Command: Sendable {
  /// What stands after the subcommand's name.
  struct Argument: Sendable {
    /// What it can be completed from.
    enum Kind: Sendable {
      case text
      case file
      /// An execution's id, or `latest`.
      case execution
      case test(orFile: Bool)
      case script
      case choice([String])
    }

    /// As the help shows it, e.g. `ID`.
    var name: String
    var kind: Kind
    var required = true

    static let execution = Argument(name: "ID", kind: .execution)
    static let test = Argument(name: "ID", kind: .test(orFile: false))
    static let script = Argument(name: "ID", kind: .script)
  }

  /// Who does it.
  enum Work: Sendable {
    /// Reads its words itself, and works on this machine.
    case local(@Sendable ([String]) -> Int32)
    /// Asks a coordinator. Answers the exit code.
    case remote(@Sendable (RemoteCall) throws -> Int32)
  }

  /// `["test", "create"]`.
  var path: [String]
  /// One line, without a full stop.
  var summary: String
  var arguments: [Argument] = []
  /// How many arguments may follow the last named one.
  var argumentsMore = 0
  /// Its own flags.
  var options: [Option] = []
  /// Values that a flag can have, by its name.
  var choices: [String: [String]] = [:]
  /// Paragraphs for its help.
  var notes = ""
  /// What exit codes mean beyond those that all have.
  var exitCodes: [Int32: String] = [:]
  /// Command lines without `throng`.
  var examples: [String] = []
  var work: Work

  var name: String { path.joined(separator: " ") }

  var isRemote: Bool {
    if case .remote = work { true } else { false }
  }

  /// `throng event ID NAME [CONTENTS]`.
  var usage: String {
    var words = ["throng", name]
    words += arguments.map { $0.required ? $0.name : "[\($0.name)]" }
    if argumentsMore > 0 { words.append("…") }
    return words.joined(separator: " ")
  }

  /// All flags that it takes.
  var allOptions: [Option] {
    switch work {
    case .local: options
    case .remote: options + Self.remoteOptions + Self.helpOptions
    }
  }

  var parser: OptionParser {
    OptionParser(allOptions, argumentsMax: arguments.count + argumentsMore)
  }

  /// Flags of everything that asks a coordinator; they may stand before the subcommand, too.
  static let remoteOptions = [
    Option(
      "server", value: "URL", "the coordinator's REST API (default http://127.0.0.1:8080)"),
    Option("server-ca", value: "FILE", "PEM certificates to trust instead of the system's"),
    Option("server-insecure", "do not verify the coordinator's certificate"),
    Option("json", "print the API's JSON, for programs"),
  ]

  static let helpOptions = [Option("help", short: "h", "show this help")]
}
