import Shared

/// The help of `throng` and of its subcommands, made from the table of commands.
enum CommandHelp {
  /// What `throng --help` prints.
  static var overview: String {
    var text = """
      throng: load tester

      usage: throng [--server URL] COMMAND [ARGUMENTS] [flags]


      """
    let width = (CommandTable.all.map { usage($0).count }.max() ?? 0) + 2
    for group in CommandTable.groups {
      text += "\(group.title):\n"
      for command in group.commands { text += line(command, width) }
      text += "\n"
    }
    text += """
      `throng help COMMAND` and `throng COMMAND --help` list flags, exit codes and examples.
      `throng --version` shows the version.

      """
    return text
  }

  /// The help of a group, such as `throng test`.
  static func group(_ path: [String]) -> String {
    let commands = CommandTable.below(path)
    let width = (commands.map { usage($0).count }.max() ?? 0) + 2
    return "usage:\n" + commands.map { line($0, width) }.joined()
      + "\n`throng help \(path.joined(separator: " ")) COMMAND` tells more.\n"
  }

  private static func line(_ command: Command, _ width: Int) -> String {
    "  \(pad(usage(command), width))\(command.summary)\n"
  }

  /// With the flag that beginners need.
  private static func usage(_ command: Command) -> String {
    command.path == ["new"] ? command.usage + " [--k6]" : command.usage
  }

  /// What the exit codes of everything that asks a coordinator mean.
  private static let exitCodes = [
    ExitCode.success: "done",
    ExitCode.failure: "failure: no such thing, a wrong state, or no coordinator to be reached",
    ExitCode.badConfiguration: "bad flags, or the coordinator refused the input",
    ExitCode.interrupted: "interrupted",
  ]

  /// What `throng help COMMAND` prints of a command that asks a coordinator.
  static func text(_ command: Command) -> String {
    var text = "throng \(command.name): \(command.summary)\n\nusage: \(command.usage) [flags]\n\n"
    if !command.notes.isEmpty { text += command.notes + "\n\n" }
    text += OptionParser(command.allOptions).helpText(environment: RemoteCall.environmentNames)
    text += "\nexit codes:\n"
    let codes = exitCodes.merging(command.exitCodes) { $1 }
    for (code, meaning) in codes.sorted(by: { $0.key < $1.key }) {
      text += "  \(pad(String(code), 5))\(meaning)\n"
    }
    if !command.examples.isEmpty {
      text += "\nexamples:\n" + command.examples.map { "  throng \($0)\n" }.joined()
    }
    return text
  }
}
