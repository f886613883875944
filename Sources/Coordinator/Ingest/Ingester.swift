import Foundation
import Shared
import Synchronization

/// Takes `results` lines, commits them in groups, and puts them together in memory.
///
/// A batch is stored together with its lease's cursor in one transaction, then aggregated, then
/// its cursor shows it, then `onCommitted` says so. When a commit fails, its batches stay
/// unacknowledged and are tried again; nothing is lost and nothing counted twice.
///
/// Order of locks: `leases`, `recordCounts` and the locks of `LiveAggregates` are never held
/// together, nor while the store is used.
///
/// `@unchecked Sendable`: `names`, `compressor`, `failures`, `committedAtMs` and `compactions`
/// belong to the ingester's own thread; everything else is immutable or locked.
public final class Ingester: @unchecked Sendable {
  /// How far a run is committed now.
  public struct Committed: Sendable, Equatable {
    public var key: LeaseKey
    /// The last committed sequence number.
    public var upTo: Int
    /// Request and iteration rows committed since the run began.
    public var rows: Int64
    public var iterations: Int64
  }

  struct Handlers: Sendable {
    var onCommitted: @Sendable ([Committed]) -> Void = { _ in }
    var onRejected: @Sendable (LeaseKey, NackCode, Int) -> Void = { _, _, _ in }
    var onFailure: @Sendable (any Error) -> Void = { _ in }
    var onComparable: @Sendable () -> Void = {}
  }

  /// What a lease belongs to.
  struct Owner: Sendable {
    var execution: ExecutionID
    var region: ExecutionRegionID
    /// When the lease was granted, microseconds since the Unix epoch; nil when that is not known.
    var grantedAtMicros: Int64?

    /// Why the times of a batch cannot lie within the execution, or nil.
    func problem(of batch: ResultBatch, nowMicros: Int64) -> String? {
      guard let grantedAtMicros, let times = batch.times else { return nil }
      let slack = Limits.clockSlackSecs * 1_000_000
      guard times.lowerBound >= grantedAtMicros.minus(slack),
        times.upperBound <= nowMicros.plus(slack)
      else { return "times of the batch lie outside the execution" }
      return nil
    }
  }

  struct Leases {
    var ledger = BatchLedger()
    var owners: [LeaseKey: Owner] = [:]
  }

  /// Bytes that may wait before `submit` asks for a pause. Far above what agents send that keep to
  /// their windows, because a paused link carries no heartbeats either.
  private static let waitingBytesMax = 32 * Limits.windowBytes

  let store: Store
  let aggregates = LiveAggregates()
  let leases = Mutex(Leases())
  /// What unfinished executions keep of what their scripts say.
  let recordCounts = Mutex<[ExecutionID: RecordCounts]>([:])
  let queue = IngestQueue()
  let counters = IngestCounters()
  let log = Logger("ingest")
  private let handlers = Mutex(Handlers())
  private let started = Mutex(false)
  private let ended = DispatchSemaphore(value: 0)
  private let lastFailure = Mutex<String?>(nil)
  private let compactionInbox = Mutex<[(execution: ExecutionID, from: Int64)]>([])

  // Of the ingester's thread.
  var names = NameCache()
  let compressor = Zstandard()
  var failures = FailureCounter()
  /// Of the latest commit, milliseconds since the Unix epoch.
  var committedAtMs: Int64 = 0
  var compactions: [(execution: ExecutionID, from: Int64)] = []

  public init(store: Store) throws { self.store = store }

  /// Begins to commit, on a thread of its own. Handlers are called on that thread.
  ///
  /// - Parameters:
  ///   - onCommitted: runs whose batches were committed, or sent again after their commit.
  ///   - onRejected: a batch was not taken; the last argument is the sequence number expected.
  ///   - onFailure: a commit failed and will be tried again.
  ///   - onComparable: files were committed that are to be compared with their baselines.
  public func start(
    onCommitted: @escaping @Sendable ([Committed]) -> Void,
    onRejected: @escaping @Sendable (LeaseKey, NackCode, Int) -> Void,
    onFailure: @escaping @Sendable (any Error) -> Void = { _ in },
    onComparable: @escaping @Sendable () -> Void = {}
  ) {
    handlers.withLock {
      $0 = Handlers(
        onCommitted: onCommitted, onRejected: onRejected, onFailure: onFailure,
        onComparable: onComparable)
    }
    let isFirst = started.withLock { started in
      defer { started = true }
      return !started
    }
    precondition(isFirst, "an ingester starts once")
    let thread = Thread { self.run() }
    thread.name = "ingest"
    thread.start()
  }

  /// Commits everything that was submitted and ends; returns when done. A store that keeps
  /// failing is given up after a few seconds; what it did not take was never acknowledged.
  public func stop() {
    queue.stop()
    if started.withLock({ $0 }) {
      ended.wait()
      // For whoever stops it once more.
      ended.signal()
    }
  }

  /// Takes a line. From any thread; returns at once.
  ///
  /// - Returns: whether more should be sent; the line is taken in any case.
  public func submit(_ line: [UInt8]) -> Bool {
    queue.append(.line(line)) < Self.waitingBytesMax
  }

  /// From now on batches of this lease are taken. To be called before the lease is sent, and
  /// after it is recorded through `LedgerStore.grant`.
  ///
  /// - Parameter grantedAtMicros: batches with times long before it are refused.
  public func register(
    _ key: LeaseKey, execution: ExecutionID, executionRegion: ExecutionRegionID,
    at cursor: BatchLedger.Cursor = .init(), grantedAtMicros: Int64? = nil
  ) {
    leases.withLock {
      $0.ledger.leaseGranted(key, at: cursor)
      $0.owners[key] = Owner(
        execution: execution, region: executionRegion, grantedAtMicros: grantedAtMicros)
    }
  }

  /// Nothing more is taken under this lease; to be stored through `LedgerStore.seal`.
  public func seal(_ key: LeaseKey) { leases.withLock { $0.ledger.leaseSealed(key) } }

  /// How far a lease is committed; nil when it is not known here.
  public func cursor(_ key: LeaseKey) -> BatchLedger.Cursor? {
    leases.withLock { $0.ledger[key] }
  }

  /// Calls `body` on the ingester's thread once everything submitted before is decided.
  public func whenCommitted(_ body: @escaping @Sendable () -> Void) {
    queue.append(.barrier(body))
  }

  /// Why the store does not take results at the moment, nil while it does.
  public var failure: String? { lastFailure.withLock { $0 } }

  var isStarted: Bool { started.withLock { $0 } }

  func setFailure(_ text: String?) { lastFailure.withLock { $0 = text } }

  var currentHandlers: Handlers { handlers.withLock { $0 } }

  // MARK: the thread

  private func run() {
    while true {
      switch queue.next() {
      case .items(let items): commit(items)
      case .spareTime: compactSome()
      case .stopped:
        ended.signal()
        return
      }
    }
  }

  func requestCompaction(of execution: ExecutionID, from: Int64) {
    compactionInbox.withLock { $0.append((execution, from)) }
    queue.offerSpareWork(true)
  }

  private func compactSome() {
    compactions += compactionInbox.withLock { inbox in
      defer { inbox = [] }
      return inbox
    }
    guard let (execution, from) = compactions.first else {
      queue.offerSpareWork(false)
      // One may have come in between.
      if compactionInbox.withLock({ !$0.isEmpty }) { queue.offerSpareWork(true) }
      return
    }
    if let next = compactStep(execution, from: from, with: compressor) {
      compactions[0].from = next
    } else {
      compactions.removeFirst()
    }
  }
}
