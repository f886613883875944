import Coordinator
import Foundation
import Shared

/// `throng run`: a whole test in this process, watched until it ends.
enum RunCommand {
  static func run(_ words: [String]) -> Int32 {
    do {
      let parsed = try RunOptions.parser.parse(
        words, environment: ProcessInfo.processInfo.environment)
      if parsed.has("help") {
        print(RunOptions.help, terminator: "")
        return ExitCode.success
      }
      if parsed.has("version") {
        print("throng \(throngVersion)")
        return ExitCode.success
      }
      // The screen belongs to the progress and the summary; what goes wrong is still said.
      try parsed.configureLogger(defaultLevel: .error)
      let options = try RunOptions(parsed, environment: ProcessInfo.processInfo.environment)
      SignalSource.block([SIGINT, SIGTERM])
      return try RunSession(options).run()
    } catch {
      return ThrongCommand.failed(error, command: "run")
    }
  }
}
