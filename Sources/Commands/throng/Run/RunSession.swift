import Coordinator
import Foundation
import Shared
import Synchronization

/// One run from its start to its summary.
final class RunSession {
  private let options: RunOptions
  private let cluster: EmbeddedCluster
  /// SIGINTs and SIGTERMs so far.
  private let signals = Atomic<Int>(0)

  init(_ options: RunOptions) throws {
    self.options = options
    // A test of an hour must not end with a name that cannot be written.
    for path in [options.jsonFile, options.csvFile].compactMap({ $0 }) {
      try NewFileBeside.probe(path)
    }
    cluster = try EmbeddedCluster(
      regions: options.regions, dataDirectory: options.dataDirectory,
      environment: options.environment)
  }

  func run() throws -> Int32 {
    defer { cluster.shutDown() }
    countSignals()
    guard let execution = try start() else { return ExitCode.badConfiguration }
    try watch(execution)
    let code = try report(execution)
    try export(execution)
    return code
  }

  /// A second signal ends the process at once; the first is noticed by `watch`.
  private func countSignals() {
    let session = Unowned(self)
    let leftover = cluster.temporaryDirectory
    Thread {
      var set = sigset_t()
      sigemptyset(&set)
      sigaddset(&set, SIGINT)
      sigaddset(&set, SIGTERM)
      var number: Int32 = 0
      while sigwait(&set, &number) == 0 {
        if session.value.signals.add(1, ordering: .relaxed).newValue > 1 {
          if let leftover { try? FileManager.default.removeItem(atPath: leftover) }
          _exit(ExitCode.stoppedByUser)
        }
      }
    }.start()
  }

  // MARK: start

  /// Nil when the configuration was refused; the reason has been printed.
  private func start() throws -> ExecutionID? {
    for region in options.regions {
      _ = try cluster.coordinator.store.write { db in
        try RegionStore.findOrInsert(
          name: region.name, atMs: Clock.wallMicros() / 1_000, in: db)
      }
    }
    let response = cluster.coordinator.handle(
      HTTPRequest(method: "POST", target: Array("/start".utf8), body: options.body))
    let answer = try? JSONValue.parse(response.allBytes())
    guard response.status == 201, case .object(let object)? = answer,
      case .int(let id)? = object["id"]
    else {
      ThrongCommand.complain(Self.describe(answer))
      return nil
    }
    return ExecutionID(id)
  }

  /// The text of a problem document, a line per bad field.
  private static func describe(_ problem: JSONValue?) -> String {
    guard case .object(let object)? = problem else { return "the test was refused" }
    var lines: [String] = []
    if case .array(let errors)? = object["errors"] {
      for case .object(let error) in errors {
        guard case .string(let field)? = error["field"],
          case .string(let message)? = error["message"]
        else { continue }
        lines.append("\(field): \(message)")
      }
    }
    if lines.isEmpty, case .string(let detail)? = object["detail"] { lines = [detail] }
    return lines.joined(separator: "\n")
  }

  // MARK: watch

  private func watch(_ execution: ExecutionID) throws {
    if !options.quiet {
      let regions = options.regions.map { "\($0.name) \($0.users)" }.joined(separator: ", ")
      let length =
        options.durationSecs.map { DurationText.text(seconds: $0) }
        ?? "\(options.iterations ?? 0) iterations"
      let title = TerminalText.escaped(options.title)
      print("\n  \(title)\n  \(options.users) users (\(regions)), \(length)\n")
      fflush(nil)
    }
    var printer = ProgressPrinter(quiet: options.quiet)
    var meter = RateMeter()
    var stopSent = false
    var logged = 0
    while true {
      let record = try self.record(execution)
      let state = try progress(of: record, &meter)
      printer.show(state, now: Clock.monotonicNanos(), force: record.completed)
      try printWarnings(execution, &logged, &printer)
      if record.completed { break }
      if signals.load(ordering: .relaxed) > 0, !stopSent {
        stopSent = true
        try? cluster.coordinator.control.stop(execution)
      }
      Thread.sleep(forTimeInterval: 0.2)
    }
    printer.end()
  }

  private func record(_ execution: ExecutionID) throws -> ExecutionRecord {
    let found = try cluster.coordinator.store.read { db in
      try ExecutionStore.find(execution, in: db)
    }
    guard let found else { throw UsageError("execution \(execution) has vanished") }
    return found
  }

  private func progress(
    of record: ExecutionRecord, _ meter: inout RateMeter
  ) throws -> ProgressPrinter.State {
    let (total, active) = try cluster.coordinator.ingester.snapshot(record.id) { readings in
      (readings.merged(), readings.activeClients())
    }
    let nowMs = Clock.wallMicros() / 1_000
    let elapsed = record.startedAtMs.map { Double(max(0, nowMs - $0)) / 1_000 } ?? 0
    var state = ProgressPrinter.State(
      phase: Self.phase(of: record), users: record.completed ? 0 : active,
      usersPlanned: options.users,
      requestsPerSecond: meter.rate(total.count, now: Clock.monotonicNanos()),
      requests: total.count, errors: total.failures,
      p95Micros: total.connectionClose.percentile(0.95), progress: 0, secondsLeft: nil)
    if let seconds = options.durationSecs {
      state.progress = min(1, elapsed / seconds)
      state.secondsLeft = max(0, seconds - elapsed)
    } else if let planned = options.iterations, planned > 0 {
      state.progress = Double(total.iterations) / Double(planned)
      if total.iterations > 0, elapsed > 0 {
        state.secondsLeft = elapsed / state.progress * (1 - state.progress)
      }
    }
    if record.completed {
      state.progress = record.cancelledByUser ? state.progress : 1
      state.secondsLeft = nil
    }
    return state
  }

  private static func phase(of record: ExecutionRecord) -> String {
    if record.completed { return "done    " }
    if record.cancelledByUser { return "stopping" }
    return record.allocated ? "running " : "starting"
  }

  /// Shows what the execution's log warns of, above the progress line.
  private func printWarnings(
    _ execution: ExecutionID, _ seen: inout Int, _ printer: inout ProgressPrinter
  ) throws {
    let entries = try cluster.coordinator.store.read { db in
      try LogStore.list(of: execution, Page(offset: seen, limit: nil), in: db)
    }
    seen += entries.count
    for entry in entries {
      let isNews = ["Warning", "Error", "Fatal"].contains(entry.level)
      // What scripts log is for whoever runs them.
      guard isNews || !entry.isSystem else { continue }
      printer.end()
      ThrongCommand.complain("\(entry.level.lowercased()): \(entry.message)")
    }
  }

  // MARK: end

  private func report(_ execution: ExecutionID) throws -> Int32 {
    let record = try record(execution)
    let (total, metrics) = try cluster.coordinator.ingester.snapshot(execution) {
      ($0.merged(), SummaryMetric.all($0, limits: record.limits, users: options.users))
    }
    let regions = try cluster.coordinator.store.read { db in
      try ExecutionRegionStore.list(of: execution, in: db)
    }
    // Rates are over the time under load: allocating to agents came before it.
    let began = regions.compactMap(\.startedAtMs).min() ?? record.startedAtMs ?? 0
    let seconds = Double(max(1, (record.finishedAtMs ?? 0) - began)) / 1_000
    let isWritten = try showOwnSummary(execution)
    if isWritten == nil {
      var summary = SummaryReport(total, seconds: seconds, users: options.users)
      summary.add(metrics, limits: record.limits)
      print(TerminalText.escapedLines(summary.text()), terminator: "")
    }
    fflush(nil)
    if let failure = record.failure { return Self.exitCode(of: failure) }
    if record.cancelledByUser { return ExitCode.stoppedByUser }
    if record.limitBreached { return ExitCode.limitBreached }
    if total.count > 0, total.keyCounts(.httpResponseCode).isEmpty {
      let reasons = total.keyCounts(.errorReason).map(\.key).joined(separator: ", ")
      ThrongCommand.complain("not one of \(total.count) requests got a response: \(reasons)")
      return ExitCode.failure
    }
    return isWritten == false ? ExitCode.failure : ExitCode.success
  }

  private static func exitCode(of failure: String) -> Int32 {
    if failure.hasPrefix(ExecutionFailure.scriptAborted) { return ExitCode.scriptAborted }
    if failure.hasPrefix(ExecutionFailure.setupTimeout) { return ExitCode.setupTimeout }
    if failure.hasPrefix(ExecutionFailure.teardownTimeout) { return ExitCode.teardownTimeout }
    if [ExecutionFailure.setupThrew, ExecutionFailure.teardownThrew].contains(failure) {
      return ExitCode.scriptException
    }
    return ExitCode.failure
  }

  /// Shows and writes what the script's `handleSummary` returned, as k6 does: what cannot be
  /// written is told of and keeps nothing else from being written.
  ///
  /// - Returns: whether all of it was written; nil when there was no such thing.
  private func showOwnSummary(_ execution: ExecutionID) throws -> Bool? {
    let json = try cluster.coordinator.store.read { db in
      try ValueStore.json(ValueRow.summary, of: execution, in: db)
    }
    guard let json, let texts = try JSONValue.parse(text: json).objectValue else { return nil }
    var isWhole = true
    for (name, value) in texts.members {
      let text = value.stringValue ?? ""
      switch name {
      case "stdout": ThrongCommand.write(1, TerminalText.printed(text, colours: isatty(1) == 1))
      case "stderr": ThrongCommand.write(2, TerminalText.printed(text, colours: isatty(2) == 1))
      default:
        do {
          let file = try NewFileBeside(name)
          try Array(text.utf8).withUnsafeBytes { try file.write($0) }
          try file.finish()
        } catch {
          ThrongCommand.complain("handleSummary: \(error)")
          isWhole = false
        }
      }
    }
    return isWhole
  }

  private func export(_ execution: ExecutionID) throws {
    if let path = options.jsonFile { try save("/executions/\(execution)", to: path) }
    if let path = options.csvFile { try save("/executions/\(execution)/results.csv", to: path) }
  }

  private func save(_ route: String, to path: String) throws {
    let file = try NewFileBeside(path)
    let response = cluster.coordinator.handle(HTTPRequest("GET", route))
    switch response.body {
    case .bytes(let bytes): try bytes.withUnsafeBytes { try file.write($0) }
    case .stream(let stream):
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      while case let count = try buffer.withUnsafeMutableBytes({ try stream.read(into: $0) }),
        count > 0
      {
        try buffer.withUnsafeBytes {
          try file.write(UnsafeRawBufferPointer(rebasing: $0[..<count]))
        }
      }
    }
    try file.finish()
  }
}

extension HTTPResponse {
  fileprivate func allBytes() throws -> [UInt8] {
    switch body {
    case .bytes(let bytes): bytes
    case .stream(let stream): try stream.readAll()
    }
  }
}

/// Requests per second over the last seconds.
struct RateMeter {
  private var samples: [(count: Int64, at: Int64)] = []
  private static let windowNanos: Int64 = 3_000_000_000

  mutating func rate(_ count: Int64, now: Int64) -> Double {
    samples.append((count, now))
    while samples.count > 2, now - samples[0].at > Self.windowNanos { samples.removeFirst() }
    guard let first = samples.first, now > first.at else { return 0 }
    return Double(count - first.count) / (Double(now - first.at) / 1e9)
  }
}

/// Lets the signal thread, which lives as long as the process, reach the session.
///
/// `@unchecked Sendable`: only the session's atomic is used through it.
private final class Unowned: @unchecked Sendable {
  let value: RunSession
  init(_ value: RunSession) { self.value = value }
}
