import Dispatch
import Foundation
import Shared
import XCTest

@testable import Agent

/// One engine thread with one run, and all that it reports.
///
/// `@unchecked Sendable`: what the engine's thread writes is guarded by `condition`.
final class EngineHarness: @unchecked Sendable {
  let key = LeaseKey(chunk: ChunkID(1), epoch: 1)
  private let engine: EngineThread
  private let condition: NSCondition
  private let log: Log

  /// What the engine reported; separate from the harness, which owns the engine.
  private final class Log: @unchecked Sendable {
    let condition = NSCondition()
    var batches: [ResultBatch] = []
    var endedVersions: [Int] = []
    var isPrepared = false
    /// Why the clients could not be initialised.
    var problem: String?
    var aborts: [String] = []
    var asks: [Ask] = []
    var endedClients: [Ended] = []

    func take(_ event: EngineEvent) {
      condition.withLock {
        switch event {
        case .batch(_, let batch): batches.append(batch)
        case .ended(_, let version, _): endedVersions.append(version)
        case .prepared(_, let found):
          isPrepared = true
          problem = found
        case .abort(_, let message): aborts.append(message)
        case .ask(_, let id, let question): asks.append(Ask(id: id, question: question))
        case .clientsEnded(_, let count):
          endedClients.append(Ended(count: count, asksBefore: asks.count))
        case .progress: break
        }
        condition.broadcast()
      }
    }
  }

  /// What a client asked the coordinator.
  struct Ask: Equatable {
    var id: Int64
    var question: AgentQuestion
  }

  /// How many clients had ended, and how much had been asked before that was told.
  struct Ended {
    var count: Int
    var asksBefore: Int
  }

  convenience init(
    steps: String, lease: Lease = .forTests(clients: 1), memory: MemoryGate = MemoryGate()
  ) throws {
    let script = try StepsScript.parse(text: #"{"steps":[\#(steps)]}"#)
    let program = try StepsProgram(script: script, params: .object(JSONObject()), seed: 1)
    try self.init(.steps(program), lease: lease, memory: memory)
  }

  /// A `Code` script as it comes from the compiler.
  convenience init(
    code: String, lease: Lease = .forTests(clients: 1), isK6: Bool = false,
    turnMs: Int = 1_000, settings: String = "{}", memory: MemoryGate = MemoryGate()
  ) throws {
    var lease = lease
    lease.script.kind = .code
    lease.script.content = code
    lease.script.code = CodePayload(
      fileName: "test.js", source: code, isK6: isK6, settings: settings)
    guard case .code(var program) = try ScriptProgram(lease, agent: "agent-1") else {
      throw UsageError("no Code program")
    }
    program.allowance = .init(turnMs: turnMs, growthBytes: 256 << 20)
    try self.init(.code(program), lease: lease, memory: memory)
  }

  init(_ program: ScriptProgram, lease: Lease, memory: MemoryGate = MemoryGate()) throws {
    let log = Log()
    self.log = log
    condition = log.condition
    engine = try EngineThread(index: 0, memory: memory) { _, event in log.take(event) }
    engine.start()
    let plan = EngineRunPlan(
      lease: lease, program: program, offsets: stride(from: 0, to: lease.clients.count, by: 1),
      trust: TrustAnchors(pem: lease.http.caPEM))
    engine.execute { $0.prepare(plan, deadlineNanos: .max) }
  }

  deinit { engine.stop() }

  func begin() {
    let key = key
    let micros = Clock.wallMicros()
    let nanos = Clock.monotonicNanos()
    engine.execute { $0.begin(key, startNanos: nanos, startMicros: micros) }
  }

  /// Why the script did not load; nil when it did.
  func loadProblem() -> String? {
    wait("the script to be loaded") { _, _ in log.isPrepared }
    return condition.withLock { log.problem }
  }

  var logs: [LogRow] { condition.withLock { log.batches.flatMap(\.records.logs) } }
  var metrics: [MetricDelta] { condition.withLock { log.batches.flatMap(\.records.metrics) } }
  var suiteResults: [SuiteResultRow] {
    condition.withLock { log.batches.flatMap(\.records.suiteResults) }
  }
  var values: [ValueRow] { condition.withLock { log.batches.flatMap(\.records.values) } }
  var files: [FilePart] { condition.withLock { log.batches.flatMap(\.records.files) } }
  var traces: [TraceRow] { condition.withLock { log.batches.flatMap(\.records.traces) } }
  var aborts: [String] { condition.withLock { log.aborts } }

  func stop(graceSecs: Double) {
    let key = key
    engine.execute { $0.stop(key, graceNanos: Int64(graceSecs * 1e9)) }
  }

  func extend(to goal: LoadGoal, version: Int) {
    let key = key
    engine.execute { $0.extend(key, to: goal, version: version) }
  }

  func send(_ name: String, contents: String = "null") {
    let event = EventMessage(
      chunk: key.chunk, epoch: key.epoch, eventId: 1, name: name, contents: contents)
    engine.execute { $0.received(event) }
  }

  /// Waits until the engine has done what it was told before.
  func settle() {
    let done = DispatchSemaphore(value: 0)
    engine.execute { _ in done.signal() }
    done.wait()
  }

  var asks: [Ask] { condition.withLock { log.asks } }
  var endedClients: [Ended] { condition.withLock { log.endedClients } }
  // For conditions that are waited for, which hold the lock already.
  var unsafeAsks: [Ask] { log.asks }
  var unsafeEndedClients: [Ended] { log.endedClients }
  var unsafeLogs: [String] { log.batches.flatMap(\.records.logs).map(\.message) }
  var unsafeIterations: Int { log.batches.reduce(0) { $0 + $1.iterations.count } }

  func answer(_ id: Int64, _ answer: AgentAnswer) {
    let key = key
    engine.execute { $0.answered(key, id: id, result: answer) }
  }

  /// Waits for the next question behind the first `count`, or fails the test.
  func ask(
    after count: Int = 0, file: StaticString = #filePath, line: UInt = #line
  ) -> Ask? {
    wait("question \(count + 1)", file: file, line: line) { _, _ in log.asks.count > count }
    let asks = asks
    return count < asks.count ? asks[count] : nil
  }

  func renew(deadlineNanos: Int64, paused: Bool = false) {
    let key = key
    engine.execute { $0.renew(key, deadlineNanos: deadlineNanos, paused: paused) }
  }

  /// Waits until `holds` of all rows so far, or fails the test.
  func wait(
    _ what: String, seconds: Double = 30, file: StaticString = #filePath, line: UInt = #line,
    _ holds: (_ rows: [RequestRow], _ endedVersions: [Int]) -> Bool
  ) {
    let deadline = Date(timeIntervalSinceNow: seconds)
    condition.lock()
    defer { condition.unlock() }
    while !holds(log.batches.flatMap(\.requests), log.endedVersions) {
      if let problem = log.problem {
        return XCTFail("waited for \(what), but: \(problem)", file: file, line: line)
      }
      guard condition.wait(until: deadline) else {
        return XCTFail("waited in vain for \(what)", file: file, line: line)
      }
    }
  }

  func waitForEnd(
    version: Int = 0, seconds: Double = 30, file: StaticString = #filePath, line: UInt = #line
  ) {
    wait("the end under goal \(version)", seconds: seconds, file: file, line: line) {
      $1.contains(version)
    }
  }

  var requests: [RequestRow] { condition.withLock { log.batches.flatMap(\.requests) } }
  var iterations: [IterationRow] { condition.withLock { log.batches.flatMap(\.iterations) } }

  /// Iterations that were to begin and could not.
  var dropped: Int {
    condition.withLock { log.batches.flatMap(\.drops).reduce(0) { $0 + Int($1.count) } }
  }

  /// Waits until so many iterations have been dropped, or fails the test.
  func waitForDrops(_ count: Int, file: StaticString = #filePath, line: UInt = #line) {
    let deadline = Date(timeIntervalSinceNow: 30)
    condition.lock()
    defer { condition.unlock() }
    while log.batches.flatMap(\.drops).reduce(0, { $0 + Int($1.count) }) < count {
      guard condition.wait(until: deadline) else {
        return XCTFail("waited in vain for \(count) drops", file: file, line: line)
      }
    }
  }

  /// `resource` of each request, as text.
  var resources: [String] {
    condition.withLock {
      log.batches.flatMap { batch in batch.requests.map { batch.strings[Int($0.resource)] } }
    }
  }

  var contentTypes: [String?] {
    condition.withLock {
      log.batches.flatMap { batch in
        batch.requests.map { $0.contentType < 0 ? nil : batch.strings[Int($0.contentType)] }
      }
    }
  }

  /// Checks by name: passes and fails.
  var checks: [String: [Int64]] {
    condition.withLock {
      var all: [String: [Int64]] = [:]
      for batch in log.batches {
        for check in batch.assertions {
          all[batch.strings[Int(check.name)], default: [0, 0]][check.passed ? 0 : 1] += 1
        }
      }
      return all
    }
  }

  /// Begins, waits for the end and returns the requests.
  func run(
    seconds: Double = 30, file: StaticString = #filePath, line: UInt = #line
  ) -> [RequestRow] {
    begin()
    waitForEnd(seconds: seconds, file: file, line: line)
    return requests
  }

  /// Gives each client another script than that of the program; before `begin`.
  func replaceClients(_ script: @escaping @Sendable (_ number: Int) -> any UserScript) {
    let key = key
    engine.execute { engine in
      guard let run = engine.runs[key] else { return }
      run.users = run.users.map { user in
        VirtualUser(
          run: run, offset: user.offset, client: user.client, script: script(user.offset))
      }
    }
  }
}

extension EngineHarness {
  /// Two clients of a `Code` script that have run to their end: the first one did `bad` at the
  /// beginning of its first iteration, and every iteration went on with `rest`.
  static func run(
    bad: String, then rest: String, iterations: Int, file: StaticString, line: UInt
  ) throws -> EngineHarness {
    let harness = try EngineHarness(
      code: """
        module.exports = async () => {
          if (vu.index === 0 && __ITER === 0) {
            \(bad)
          }
          \(rest)
        };
        """, lease: .forTests(clients: 2, iterations: iterations), turnMs: 2_000)
    harness.begin()
    harness.waitForEnd(file: file, line: line)
    return harness
  }
}
