import Agent
import Foundation
import Shared

/// `throng-agent`: reads flags, joins a coordinator, runs until a signal, drains.
enum AgentCommand {
  private static let capacityDefault = 10_000
  private static let agentsPerHostMax = 256

  private static let parser = OptionParser(
    [
      Option("coordinator", value: "HOST:PORT", "the coordinator's agent port (required)"),
      Option("region", value: "NAME", "region that this agent belongs to (required)"),
      Option("name", value: "NAME", "name of this agent (default: the host's name)"),
      Option("capacity", value: "CLIENTS", "clients that it runs at most (default 10000)"),
      Option(
        "state-dir", value: "DIR", "directory of its identity (default ~/.local/state/throng)"),
      Option("threads", value: "N", "engine threads (default: one per core)"),
      Option(
        "memory-max", value: "SIZE",
        "memory above which new iterations wait, e.g. 3G or 70% (default 80% of the machine or "
          + "control group)"),
    ] + OptionParser.common)

  private static var help: String {
    """
    throng-agent: runs virtual users for a coordinator of Throng

    usage: throng-agent --coordinator HOST:PORT --region NAME [flags]

    \(parser.helpText())
    Every flag can also be given by the environment variable in brackets; the flag wins.
    SIGTERM ends running tests, uploads every result and exits within 20 seconds; a second
    signal exits at once.

    exit codes:
      0    ended by a signal, every result uploaded
      1    failure; standard error says which
      104  bad flags, or a coordinator that refuses this agent
      106  the coordinator speaks another version of the protocol

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
        print("throng-agent \(throngVersion)")
        return ExitCode.success
      }
      try options.configureLogger()
      return try serve(
        agentOptions(options), directoryIsGiven: options.has("state-dir"))
    } catch let error as StateDirectoryInUse {
      complain("\(error)")
      return ExitCode.badConfiguration
    } catch let error as UsageError {
      complain("\(error)\nTry --help.")
      return ExitCode.badConfiguration
    } catch {
      complain("\(error)")
      return ExitCode.failure
    }
  }

  private static func agentOptions(
    _ options: ParsedOptions
  ) throws(UsageError) -> AgentRuntime.Options {
    guard let coordinator = try options.address("coordinator") else {
      throw UsageError("--coordinator is missing")
    }
    guard let region = options.string("region"), !region.isEmpty else {
      throw UsageError("--region is missing")
    }
    guard region.unicodeScalars.count <= 100 else {
      throw UsageError("--region: longer than 100 characters")
    }
    let name = options.string("name") ?? ProcessInfo.processInfo.hostName
    guard !name.isEmpty, name.utf8.count <= 255 else {
      throw UsageError("--name: must have 1 to 255 bytes")
    }
    return AgentRuntime.Options(
      coordinator: coordinator, region: region, name: name,
      capacity: try options.int("capacity", in: 1...Limits.clientsPerExecutionMax)
        ?? capacityDefault,
      stateDirectory: options.string("state-dir") ?? defaultStateDirectory(region),
      engineThreads: try options.int("threads", in: 1...64),
      memoryBytesMax: try MemoryLimit().bytesMax(options.string("memory-max")))
  }

  /// One directory per region, so that agents of several regions may run on one host.
  private static func defaultStateDirectory(_ region: String) -> String {
    let environment = ProcessInfo.processInfo.environment
    if let given = environment["STATE_DIRECTORY"], !given.isEmpty { return given }
    let base = environment["XDG_STATE_HOME"] ?? NSHomeDirectory() + "/.local/state"
    let safe = region.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "_" }
    return "\(base)/throng/agent-\(String(safe))"
  }

  /// Agents of one region on one host that were given no directory each take one of their own.
  private static func makeAgent(
    _ options: AgentRuntime.Options, directoryIsGiven: Bool
  ) throws -> AgentRuntime {
    var options = options
    let base = options.stateDirectory
    for number in 2...agentsPerHostMax {
      do {
        return try AgentRuntime(options: options)
      } catch is StateDirectoryInUse where !directoryIsGiven {
        options.stateDirectory = "\(base)-\(number)"
      }
    }
    return try AgentRuntime(options: options)
  }

  private static func serve(
    _ options: AgentRuntime.Options, directoryIsGiven: Bool
  ) throws -> Int32 {
    SignalSource.block([SIGTERM, SIGINT])
    let agent = try makeAgent(options, directoryIsGiven: directoryIsGiven)
    try agent.start(
      onJoined: {
        print("joined \(options.coordinator) as \(options.name) in \(options.region)")
        fflush(nil)
        ServiceManager.notify("STATUS=joined \(options.coordinator)")
      },
      onRefused: { code, message in
        complain("the coordinator \(options.coordinator) refuses this agent: \(message)")
        exit(code == "version" ? ExitCode.versionMismatch : ExitCode.badConfiguration)
      },
      onHung: {
        complain("an engine thread hangs in a script that nothing can end; start this agent anew")
        _exit(ExitCode.failure)
      })
    // Up, even while the coordinator is not: it is tried for ever.
    ServiceManager.notify("READY=1")
    TerminationSignals.wait { agent.isResponsive() }
    ServiceManager.notify("STOPPING=1")
    let drained = DispatchSemaphore(value: 0)
    agent.drain { drained.signal() }
    guard drained.wait(timeout: .now() + Limits.drainSecs - 2) == .success else {
      complain("\(agent.unsentBatches()) batches of results could not be uploaded in time")
      return ExitCode.failure
    }
    return ExitCode.success
  }

  private static func complain(_ text: String) {
    // A disk that is full is no reason to crash: whoever started this reads the exit code.
    _ = Array("throng-agent: \(TerminalText.escapedLines(text))\n".utf8).withUnsafeBytes {
      write(2, $0.baseAddress, $0.count)
    }
  }
}
