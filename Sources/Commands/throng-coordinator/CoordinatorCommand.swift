import Coordinator
import Foundation
import Shared

/// `throng-coordinator`: reads flags, serves until a signal, drains.
enum CoordinatorCommand {
  private static let parser = OptionParser(
    [
      Option("http", value: "HOST:PORT", "where the REST API listens (default 127.0.0.1:8080)"),
      Option(
        "allowed-host", value: "NAME", repeats: true,
        "a name under which the REST API may be called besides its own address, such as that of "
          + "a proxy before it; may be given several times"),
      Option("agents", value: "HOST:PORT", "where agents connect (default 127.0.0.1:7400)"),
      Option("data-dir", value: "DIR", "directory of the store (default ./throng-data)"),
    ] + OptionParser.common)

  private static var help: String {
    """
    throng-coordinator: REST API, agent listener and store of Throng

    usage: throng-coordinator [flags]

    \(parser.helpText())
    Every flag can also be given by the environment variable in brackets; the flag wins.
    SIGTERM stops running tests, commits every result and exits within 20 seconds; a second
    signal exits at once.

    exit codes:
      0    ended by a signal, everything committed
      1    failure; standard error says which
      104  bad flags

    """
  }

  static func run(_ words: [String]) -> Int32 {
    do {
      let options = try parser.parse(words, environment: ProcessInfo.processInfo.environment)
      if options.has("help") {
        print(help, terminator: "")
        return ExitCode.success
      }
      if options.has("version") {
        print("throng-coordinator \(throngVersion)")
        return ExitCode.success
      }
      try options.configureLogger()
      return try serve(options)
    } catch let error as UsageError {
      complain("\(error)\nTry --help.")
      return ExitCode.badConfiguration
    } catch {
      complain("\(error)")
      return ExitCode.failure
    }
  }

  private static func serve(_ options: ParsedOptions) throws -> Int32 {
    SignalSource.block([SIGTERM, SIGINT])
    DescriptorLimit.raise()
    let directory =
      options.string("data-dir") ?? ProcessInfo.processInfo.environment["STATE_DIRECTORY"]
      ?? "throng-data"
    let runtime = try CoordinatorRuntime(
      options: .init(
        http: try options.address("http") ?? HostPort(host: "127.0.0.1", port: 8080),
        agents: try options.address("agents") ?? HostPort(host: "127.0.0.1", port: 7400),
        dataDirectory: directory, allowedHosts: options.strings("allowed-host")))
    print("http listening on \(runtime.httpAddress)")
    print("agents listening on \(runtime.agentAddress)")
    fflush(nil)
    ServiceManager.notify("READY=1")
    TerminationSignals.wait { runtime.isResponsive() }
    ServiceManager.notify("STOPPING=1")
    return runtime.shutDown(seconds: Limits.drainSecs - 3) ? ExitCode.success : ExitCode.failure
  }

  private static func complain(_ text: String) {
    // A disk that is full is no reason to crash: whoever started this reads the exit code.
    _ = Array("throng-coordinator: \(TerminalText.escapedLines(text))\n".utf8).withUnsafeBytes {
      write(2, $0.baseAddress, $0.count)
    }
  }
}
