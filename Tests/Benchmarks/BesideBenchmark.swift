import CLinux
import Coordinator
import Foundation
import Shared
import Synchronization
import TestSupport

/// What downloads of big results cost those who send results at the same time: ingest at full
/// speed alone and beside readers, in turn within one process.
enum BesideBenchmark {
  private static let rounds = 5
  private static let requests = 400_000

  private struct Setting: Hashable {
    var readers: Int
    var yields: Bool

    var title: String {
      readers == 0 ? "alone" : "\(readers) readers, \(yields ? "yielding" : "usual priority")"
    }
  }

  private static let settings = [
    Setting(readers: 0, yields: true), Setting(readers: 1, yields: true),
    Setting(readers: 2, yields: true), Setting(readers: 2, yields: false),
  ]

  static func run() throws {
    let directory = try TemporaryDirectory()
    let data = directory.file("data")
    let old = try ReadBenchmark.fill(data, requests: 1_000_000)
    let store = try ReadBenchmark.open(data)
    let ingester = try Ingester(store: store)
    ingester.start(onCommitted: { _ in }, onRejected: { _, _, _ in })
    let api = API(store: store, ingester: ingester, control: NoControl())
    var model = TrafficModel(
      clients: 50, requestsPerIteration: 1, sleepMicros: 0, rowsPerBatch: 4_096)
    let batches = model.batches(requests: requests)
    var wall: [Setting: [Double]] = [:]
    var cpu: [Setting: [Double]] = [:]
    var read: [Setting: [Double]] = [:]
    var wal = 0
    for _ in 0..<rounds {
      for setting in settings {
        let readers = (0..<setting.readers).map { _ in
          BesideReader(api, "/executions/\(old.execution)/results.csv", yields: setting.yields)
        }
        let sample = try measure(batches, store, ingester)
        wal = max(wal, try walBytes(data))
        let bytes = readers.reduce(0) { $0 + $1.stop() }
        wall[setting, default: []].append(Double(requests) / sample.wall)
        cpu[setting, default: []].append(Double(requests) / sample.cpu)
        read[setting, default: []].append(Double(bytes) / sample.wall / 1e6)
      }
    }
    ingester.stop()
    report(wall, cpu, read)
    print("  most of the write-ahead log: \(wal >> 20) MiB")
  }

  private static func report(
    _ wall: [Setting: [Double]], _ cpu: [Setting: [Double]], _ read: [Setting: [Double]]
  ) {
    print("beside: \(requests) results a round, \(rounds) rounds of each in turn")
    let base = (Figures.median(wall[settings[0]] ?? [1]), Figures.median(cpu[settings[0]] ?? [1]))
    for setting in settings {
      let (walls, cpus) = (wall[setting] ?? [], cpu[setting] ?? [])
      print(
        """
          \(setting.title)
            results/s                       \(Figures.describe(walls)), \
        \(Figures.round(Figures.median(walls) / base.0 * 100)) % of alone
            results per CPU-second of ingest \(Figures.describe(cpus)), \
        \(Figures.round(Figures.median(cpus) / base.1 * 100)) % of alone
            read meanwhile                  \(Figures.describe(read[setting] ?? [])) MB/s
        """)
    }
  }

  private static func measure(
    _ batches: [ResultBatch], _ store: Store, _ ingester: Ingester
  ) throws -> (wall: Double, cpu: Double) {
    let run = try store.write { db in try BenchRun(in: db) }
    ingester.register(run.lease, execution: run.execution, executionRegion: run.region)
    let lines = batches.enumerated().map { run.line($0.element, seq: $0.offset + 1) }
    let cpu = ingester.cpuNanosAfterCommits()
    let began = Clock.monotonicNanos()
    for line in lines where !ingester.submit(line) { ingester.waitForCommits() }
    let cpuAfter = ingester.cpuNanosAfterCommits()
    let sample = (
      wall: Double(Clock.monotonicNanos() - began) / 1e9,
      cpu: Double(cpuAfter - cpu) / 1e9
    )
    ingester.forget(run.execution)
    return sample
  }

  static func walBytes(_ data: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: "\(data)/throng.db-wal")
    return attributes[.size] as? Int ?? 0
  }
}

/// A thread that downloads the same answer again and again.
private final class BesideReader: Sendable {
  private let stopping = Atomic(false)
  private let bytes = Atomic(0)
  private let ended = DispatchSemaphore(value: 0)

  init(_ api: API, _ path: String, yields: Bool) {
    let thread = Thread { [self] in
      if yields { ThreadPriority.yieldToOthers() }
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 32 << 10, alignment: 16)
      defer { buffer.deallocate() }
      while !stopping.load(ordering: .relaxed) {
        guard case .stream(let stream) = api.handle(HTTPRequest("GET", path)).body else { break }
        while !stopping.load(ordering: .relaxed), let count = try? stream.read(into: buffer),
          count > 0
        {
          bytes.wrappingAdd(count, ordering: .relaxed)
        }
      }
      ended.signal()
    }
    thread.start()
  }

  /// Ends it; returns how many bytes it has read.
  func stop() -> Int {
    stopping.store(true, ordering: .relaxed)
    ended.wait()
    return bytes.load(ordering: .relaxed)
  }
}

/// A controller of nothing: reads need none.
private struct NoControl: ExecutionControl {
  func create(_ configuration: TestConfigurationID) throws -> ExecutionID { throw refusal }
  func start(_ execution: ExecutionID) throws { throw refusal }
  func stop(_ execution: ExecutionID) throws { throw refusal }
  func extend(_ execution: ExecutionID, to goal: Extension) throws { throw refusal }
  func delete(_ execution: ExecutionID) throws { throw refusal }
  func sendEvent(_ execution: ExecutionID, name: String, contents: String) throws -> Int64 {
    throw refusal
  }
  func agents() throws -> [AgentStatus] { [] }

  private var refusal: ControlError { .conflict("nothing runs here") }
}

extension Ingester {
  /// Waits for everything submitted; answers how long the thread of the ingester was on a core.
  fileprivate func cpuNanosAfterCommits() -> Int64 {
    let done = DispatchSemaphore(value: 0)
    let nanos = Atomic<Int64>(0)
    whenCommitted {
      nanos.store(throng_clock_nanoseconds(CLOCK_THREAD_CPUTIME_ID), ordering: .relaxed)
      done.signal()
    }
    done.wait()
    return nanos.load(ordering: .relaxed)
  }
}
