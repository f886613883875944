import Shared

/// What can be completed after each path of subcommands, for every shell the same.
struct CompletionModel {
  struct Place {
    /// Joined with spaces; empty for `throng` itself.
    var path: String
    /// Subcommands that may follow.
    var words: [(word: String, summary: String)] = []
    var options: [Option] = []
    /// Values of flags, by name.
    var choices: [String: [String]] = [:]
    /// Values of arguments.
    var arguments: [Command.Argument.Kind] = []

    /// Words that arguments can be.
    var argumentWords: [String] {
      var words: [String] = []
      for kind in arguments {
        switch kind {
        case .execution: words.append("latest")
        case .choice(let choices): words += choices
        case .text, .file, .test, .script: break
        }
      }
      return Array(Set(words)).sorted()
    }

    var takesFiles: Bool {
      arguments.contains { kind in
        switch kind {
        case .file, .test(orFile: true): true
        default: false
        }
      }
    }

    /// What the coordinator is asked for, when the words are to be completed.
    var sources: [CompletionSource] {
      let sources = arguments.compactMap { kind -> CompletionSource? in
        switch kind {
        case .execution: .executions
        case .test: .tests
        case .script: .scripts
        case .text, .file, .choice: nil
        }
      }
      return CompletionSource.allCases.filter(sources.contains)
    }
  }

  let places: [Place]

  init() {
    var places = [
      Place(path: "", words: CommandTable.words(after: []), options: Self.outer)
    ]
    var groups: Set<[String]> = []
    for command in CommandTable.all {
      for length in 1..<command.path.count
      where groups.insert(Array(command.path[..<length])).inserted {
        let path = Array(command.path[..<length])
        places.append(
          Place(
            path: path.joined(separator: " "), words: CommandTable.words(after: path),
            options: Command.helpOptions))
      }
      places.append(
        Place(
          path: command.name, options: command.allOptions, choices: command.choices,
          arguments: command.arguments.map(\.kind)))
    }
    // `help` takes the names of commands, wherever they stand.
    places.append(Place(path: "help", words: CommandTable.words(after: [])))
    for path in groups.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      places.append(
        Place(
          path: "help " + path.joined(separator: " "), words: CommandTable.words(after: path)))
    }
    self.places = places
  }

  private static let outer =
    Command.remoteOptions.filter { $0.name != "json" }
    + [Option("help", short: "h", "show this help"), Option("version", "show the version")]

  /// What the coordinator is asked for, when the value of a flag is to be completed.
  static func source(_ option: Option) -> CompletionSource? {
    switch (option.name, option.value) {
    case ("regions", _), ("region", "NAME"): .regions
    case ("test", "ID"): .tests
    default: nil
    }
  }

  /// Whether the value of a flag is a file.
  static func isFile(_ option: Option) -> Bool { ["FILE", "DIR"].contains(option.value) }

  /// `--name` and, where there is one, `-n`.
  static func spellings(_ option: Option) -> [String] {
    ["--\(option.name)"] + (option.short.map { ["-\($0)"] } ?? [])
  }

  /// Text between single quotes of a shell.
  static func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
