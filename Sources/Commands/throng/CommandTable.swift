import Shared

/// Every subcommand, in the order in which the help lists them.
enum CommandTable {
  struct Group: Sendable {
    var title: String
    var commands: [Command]
  }

  static let groups = [
    Group(title: "on this machine", commands: [.run, .new, .demoTarget]),
    Group(
      title: "what a coordinator keeps",
      commands: [
        .testCreate, .testList, .testShow, .testDelete, .scriptCreate, .scriptList, .scriptShow,
        .scriptDelete,
      ]),
    Group(
      title: "executions of a coordinator",
      commands: [
        .start, .manualStart, .list, .show, .watch, .stop, .extend, .event, .logs, .results,
        .report, .compare, .delete,
      ]),
    Group(title: "where tests run", commands: [.agents, .regions]),
    Group(title: "about throng", commands: [.completion]),
  ]

  static let all = groups.flatMap(\.commands)

  /// The command whose whole path is `path`.
  static func find(_ path: [String]) -> Command? { all.first { $0.path == path } }

  /// The commands below `path`, which is a group's name; none when there is no such group.
  static func below(_ path: [String]) -> [Command] {
    all.filter { $0.path.count > path.count && $0.path.starts(with: path) }
  }

  /// Words that can follow `path`, each with what it does; groups of commands by their name.
  static func words(after path: [String]) -> [(word: String, summary: String)] {
    var words: [(word: String, summary: String)] = []
    for command in below(path) {
      let word = command.path[path.count]
      guard !words.contains(where: { $0.word == word }) else { continue }
      let isGroup = command.path.count > path.count + 1
      let members = below(path + [word]).map { $0.path[path.count + 1] }
      words.append(
        (word, isGroup ? members.joined(separator: ", ") : command.summary))
    }
    if path.isEmpty { words.append(("help", "show the help of a command")) }
    return words
  }
}
