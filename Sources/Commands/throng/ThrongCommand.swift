import Glibc
import Shared

/// The operator's command: picks the subcommand.
enum ThrongCommand {
  static func run(_ words: [String]) -> Int32 {
    StandardStreams.fill()
    do {
      return try CommandLineReader(words).run()
    } catch {
      complain("\(error)")
      return ExitCode.badConfiguration
    }
  }

  /// Prints what was asked for. Answers the exit code.
  static func say(_ text: String) -> Int32 {
    if write(1, text) { return ExitCode.success }
    if errno == EPIPE { Screen.endByPipe() }
    complain("\(SystemError("write to standard output"))")
    return ExitCode.failure
  }

  /// Says why a command could not be carried out. Answers the exit code.
  static func failed(_ error: any Error, command: String) -> Int32 {
    guard let error = error as? UsageError else {
      complain("\(error)")
      return (error as? RemoteError)?.exitCode ?? ExitCode.failure
    }
    complain("\(error)" + (error.helpTells ? "\nTry throng \(command) --help." : ""))
    return error.exitCode
  }

  static func complain(_ text: String) {
    // Names of files and what servers and scripts say: nothing of it may steer a terminal.
    write(2, "throng: \(TerminalText.escapedLines(text))\n")
  }

  /// Writes all of it, or as much as can be. Answers whether it was all; `errno` says why not.
  @discardableResult
  static func write(_ descriptor: Int32, _ text: String) -> Bool {
    Array(text.utf8).withUnsafeBytes { FileDescriptor.write($0, to: descriptor) }
  }
}
