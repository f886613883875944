import Foundation

/// A real process under test: its streams are kept, and it is killed when nobody holds this.
///
/// `@unchecked Sendable`: what changes after `init` is guarded by `condition` or inside
/// `LineLog`; `Process` itself is only asked for its identifier.
public final class ChildProcess: @unchecked Sendable {
  public enum Stream: Sendable { case output, errors }

  public let name: String
  private let process = Process()
  private let outputLog = LineLog()
  private let errorLog = LineLog()
  private let condition = NSCondition()
  private var exitCode: Int32?
  /// Whether the test has sent a signal or waited for the end.
  private var endExpected = false

  /// Starts `executable`. The environment is the test's own without `THRONG_*`, plus
  /// `environment`.
  public init(
    executable: String, _ arguments: [String], environment: [String: String] = [:],
    directory: String? = nil
  ) throws {
    name = (executable as NSString).lastPathComponent
    process.executableURL = URL(filePath: executable)
    process.arguments = arguments
    let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("THRONG_") }
    process.environment = inherited.merging(environment) { $1 }
    if let directory { process.currentDirectoryURL = URL(filePath: directory) }
    let output = Pipe()
    let errors = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    process.terminationHandler = { [weak self] in self?.ended($0) }
    try process.run()
    outputLog.collect(output.fileHandleForReading)
    errorLog.collect(errors.fileHandleForReading)
  }

  /// Starts one of this package's programs, as built beside the tests.
  public convenience init(
    product: String, _ arguments: [String], environment: [String: String] = [:],
    directory: String? = nil
  ) throws {
    try self.init(
      executable: Self.productsDirectory + "/" + product, arguments, environment: environment,
      directory: directory)
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    // An end that nobody asked for explains whatever the test complains of.
    if let exitCode, !endExpected {
      print("\(name) ended by itself with code \(exitCode):\n\(errors.suffix(8_000))")
    }
  }

  /// Where the test bundle lies, and the programs with it.
  public static var productsDirectory: String {
    let bundle =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
    return (bundle as NSString).deletingLastPathComponent
  }

  /// Where `command` lies in PATH or in sbin, which Debian leaves out of the PATH of users.
  public static func find(_ command: String) throws -> String {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    for directory in (path + ":/usr/sbin:/usr/local/sbin:/sbin").split(separator: ":") {
      let candidate = "\(directory)/\(command)"
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
    }
    throw TestFailure("\(command) is not installed; deploy/test installs what tests need")
  }

  public var processIdentifier: Int32 { process.processIdentifier }
  public var output: String { outputLog.text }
  public var errors: String { errorLog.text }

  /// The `occurrence`th line that contains `text`, as soon as the process has written it.
  @discardableResult
  public func waitForLine(
    containing text: String, in stream: Stream = .output, occurrence: Int = 1,
    seconds: Double = 30
  ) throws -> String {
    let log = stream == .output ? outputLog : errorLog
    let line = log.wait(seconds: seconds, occurrence: occurrence) { $0.contains(text) }
    guard let line else {
      throw TestFailure(
        "\(name) did not write \"\(text)\" within \(seconds) s.\nOutput:\n\(output.suffix(4_000))"
          + "\nErrors:\n\(errors.suffix(4_000))")
    }
    return line
  }

  public func send(signal: Int32) {
    condition.withLock { endExpected = true }
    kill(process.processIdentifier, signal)
  }

  public var isRunning: Bool { condition.withLock { exitCode == nil } }

  /// Its exit code, or 128 + signal.
  @discardableResult
  public func waitForExit(seconds: Double = 30) throws -> Int32 {
    let deadline = Date(timeIntervalSinceNow: seconds)
    let code = condition.withLock { () -> Int32? in
      endExpected = true
      while exitCode == nil, condition.wait(until: deadline) {}
      return exitCode
    }
    guard let code else {
      throw TestFailure(
        "\(name) did not end within \(seconds) s.\nErrors:\n\(errors.suffix(4_000))")
    }
    outputLog.waitForEnd(seconds: 5)
    errorLog.waitForEnd(seconds: 5)
    return code
  }

  /// SIGTERM, then its exit code.
  @discardableResult
  public func terminate(seconds: Double = 25) throws -> Int32 {
    send(signal: SIGTERM)
    return try waitForExit(seconds: seconds)
  }

  private func ended(_ process: Process) {
    let code =
      process.terminationReason == .exit
      ? process.terminationStatus : 128 + process.terminationStatus
    condition.withLock {
      exitCode = code
      condition.broadcast()
    }
  }

  /// Runs a command to its end.
  @discardableResult
  public static func run(
    _ command: String, _ arguments: [String], environment: [String: String] = [:],
    directory: String? = nil
  ) throws -> String {
    let child = try ChildProcess(
      executable: try find(command), arguments, environment: environment, directory: directory)
    guard try child.waitForExit() == 0 else {
      throw TestFailure("\(command) \(arguments.joined(separator: " ")): \(child.errors)")
    }
    return child.output
  }
}
