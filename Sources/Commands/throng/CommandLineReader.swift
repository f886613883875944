import Foundation
import Shared

/// Finds the subcommand in a command line. Flags about the coordinator may stand before it.
struct CommandLineReader {
  private var path: [String] = []
  /// Flags from before the subcommand, and everything after it.
  private var rest: [String] = []

  /// - Throws: `UsageError` when a flag before the subcommand is none, or lacks its value.
  init(_ words: [String]) throws(UsageError) {
    var index = 0
    while index < words.count {
      let word = words[index]
      if word.hasPrefix("-"), word != "-" {
        // A group's or the program's own flag: whoever runs it knows.
        if ["--help", "-h", "--version"].contains(word) { break }
        let takesValue = try Self.takesValue(word)
        rest.append(word)
        if takesValue {
          guard index + 1 < words.count else { throw UsageError("\(word) needs a value") }
          rest.append(words[index + 1])
          index += 1
        }
        index += 1
        continue
      }
      path.append(word)
      index += 1
      if CommandTable.find(path) != nil || CommandTable.below(path).isEmpty { break }
    }
    rest += words[index...]
  }

  /// Whether the next word is the value of a flag before the subcommand.
  private static func takesValue(_ word: String) throws(UsageError) -> Bool {
    let name = word.dropFirst(2).prefix { $0 != "=" }
    guard word.hasPrefix("--"),
      let option = Command.remoteOptions.first(where: { $0.name == name })
    else {
      let names = Command.remoteOptions.map(\.name)
      let nearest = NearestWord.of(String(name), among: names).map { "; did you mean --\($0)?" }
      throw UsageError("unknown flag \(word)\(nearest ?? "")\nTry throng --help.")
    }
    return option.value != nil && !word.contains("=")
  }

  func run() throws(UsageError) -> Int32 {
    if let command = CommandTable.find(path) { return Self.run(command, rest) }
    let isHelp = rest.contains("--help") || rest.contains("-h")
    if path.isEmpty {
      if rest.contains("--version") { return ThrongCommand.say("throng \(throngVersion)\n") }
      if isHelp { return ThrongCommand.say(CommandHelp.overview) }
      ThrongCommand.write(2, CommandHelp.overview)
      return ExitCode.badConfiguration
    }
    if path == ["version"] { return ThrongCommand.say("throng \(throngVersion)\n") }
    if path == ["help"] { return try Self.help(rest) }
    guard !CommandTable.below(path).isEmpty else {
      throw Self.unknown(path)
    }
    if isHelp { return ThrongCommand.say(CommandHelp.group(path)) }
    ThrongCommand.write(2, CommandHelp.group(path))
    return ExitCode.badConfiguration
  }

  private static func run(_ command: Command, _ words: [String]) -> Int32 {
    switch command.work {
    case .local(let work): work(words)
    case .remote(let work): RemoteCall.run(command, words, work)
    }
  }

  private static func help(_ words: [String]) throws(UsageError) -> Int32 {
    let path = words.filter { !$0.hasPrefix("-") }
    if path.isEmpty { return ThrongCommand.say(CommandHelp.overview) }
    if let command = CommandTable.find(path) { return run(command, ["--help"]) }
    guard !CommandTable.below(path).isEmpty else {
      throw Self.unknown(path)
    }
    return ThrongCommand.say(CommandHelp.group(path))
  }

  private static func unknown(_ path: [String]) -> UsageError {
    let parent = Array(path.dropLast())
    let words = CommandTable.words(after: parent).map(\.word)
    let nearest = NearestWord.of(path.last ?? "", among: words).map {
      "; did you mean throng \((parent + [$0]).joined(separator: " "))?"
    }
    return UsageError(
      "unknown command \"\(path.joined(separator: " "))\"\(nearest ?? "")\nTry throng --help.")
  }
}
