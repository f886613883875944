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
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
