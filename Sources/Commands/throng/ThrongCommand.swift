import Foundation
import Shared

/// The operator's command: picks the subcommand.
enum ThrongCommand {
  static let help = """
    throng: load tester

    usage:
      throng run URL | script.json [flags]   run a test here: coordinator and agents in one process
      throng new script.js [--k6]            write a script in JavaScript to begin with
      throng demo-target [--port PORT]       serve a small target to try things on
      throng --help | --version

    `throng run --help` and `throng new --help` list the flags and exit codes.

    """

  static func run(_ words: [String]) -> Int32 {
    switch words.first {
    case "run": return RunCommand.run(Array(words.dropFirst()))
    case "new": return NewCommand.run(Array(words.dropFirst()))
    case "demo-target": return runDemoTarget(arguments: Array(words.dropFirst()))
    case "--version", "version":
      print("throng \(throngVersion)")
      return ExitCode.success
    case "--help", "-h", "help":
      print(help, terminator: "")
      return ExitCode.success
    case nil:
      FileHandle.standardError.write(Data(help.utf8))
      return ExitCode.badConfiguration
    case let word?:
      complain("unknown command \"\(word)\"\nTry throng --help.")
      return ExitCode.badConfiguration
    }
  }

  static func complain(_ text: String) {
    FileHandle.standardError.write(Data("throng: \(text)\n".utf8))
  }
}
