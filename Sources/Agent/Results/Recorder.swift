import Shared

/// Collects what the clients of one run do on one engine thread, until it is handed on as a
/// batch. Names are interned per batch, so that each batch stands for itself.
struct Recorder {
  /// Rows of one kind after which a batch is closed: a client may still add a few.
  private static let rowsMax = Limits.batchRowsMax - 64
  /// Bytes of names after which a batch is closed, so that its line stays within bounds even
  /// when every request has a resource of its own.
  private static let nameBytesMax = 128 << 10
  /// Likewise for check counts, of which one request may add a hundred.
  private static let checksMax = Limits.batchRowsMax - 2 * Limits.stepsChecksPerRequestMax
  private static let otherName = "(other)"

  private(set) var batch = ResultBatch()
  private var indices: [String: UInt32] = [:]
  private var nameBytes = 0
  /// Counted over the whole run, so that a test with an endless variety of URLs stays bounded.
  private var resources: Set<String> = []
  private let checkNames: [String]
  private var checks: [CheckKey: (passes: Int64, fails: Int64)] = [:]
  /// Changes with every batch: indices that were remembered elsewhere are void then.
  private(set) var generation = 0
  /// When the oldest row of the batch was recorded.
  private(set) var oldestNanos: Int64?

  private struct CheckKey: Hashable {
    var index: Int
    var intervalStartMs: Int64
  }

  init(checkNames: [String]) {
    self.checkNames = checkNames
    reserve()
  }

  /// Whether the batch should be handed on at `now`.
  func isDue(now: Int64) -> Bool {
    guard let oldestNanos else { return false }
    return isFull || now - oldestNanos >= Int64(Limits.batchDelayMsMax) * 1_000_000
  }

  var isFull: Bool {
    batch.requests.count >= Self.rowsMax || batch.iterations.count >= Self.rowsMax
      || checks.count >= Self.checksMax || nameBytes >= Self.nameBytesMax
  }

  /// When `isDue` turns true by time alone.
  var dueNanos: Int64? {
    oldestNanos.map { $0 + Int64(Limits.batchDelayMsMax) * 1_000_000 }
  }

  /// Index of a method or content type.
  mutating func intern(_ text: String) -> UInt32 {
    if let index = indices[text] { return index }
    let index = UInt32(batch.strings.count)
    batch.strings.append(text)
    indices[text] = index
    nameBytes += text.utf8.count + 8
    return index
  }

  /// Index of a resource; `(other)` once the run has too many of them.
  mutating func internResource(_ text: String) -> UInt32 {
    if !resources.contains(text) {
      guard resources.count < Limits.resourcesPerLeaseMax else { return intern(Self.otherName) }
      resources.insert(text)
    }
    return intern(text)
  }

  mutating func record(_ row: RequestRow, now: Int64) {
    batch.requests.append(row)
    if oldestNanos == nil { oldestNanos = now }
  }

  mutating func record(_ row: IterationRow, now: Int64) {
    batch.iterations.append(row)
    if oldestNanos == nil { oldestNanos = now }
  }

  mutating func record(_ sample: AgentSample, now: Int64) {
    batch.samples.append(sample)
    if oldestNanos == nil { oldestNanos = now }
  }

  mutating func check(_ index: Int, passed: Bool, atMicros: Int64, now: Int64) {
    let start = atMicros / 1_000 / Limits.intervalMs * Limits.intervalMs
    let key = CheckKey(index: index, intervalStartMs: start)
    let counts = checks[key]
    if counts == nil { nameBytes += checkNames[index].utf8.count + 8 }
    checks[key] = (
      passes: (counts?.passes ?? 0) + (passed ? 1 : 0),
      fails: (counts?.fails ?? 0) + (passed ? 0 : 1)
    )
    if oldestNanos == nil { oldestNanos = now }
  }

  /// An iteration that was to begin at `atMicros` could not.
  mutating func drop(atMicros: Int64, now: Int64) {
    let start = atMicros / 1_000 / Limits.intervalMs * Limits.intervalMs
    if batch.drops.last?.intervalStartMs == start {
      batch.drops[batch.drops.count - 1].count += 1
    } else {
      batch.drops.append(DroppedIterations(intervalStartMs: start, count: 1))
    }
    if oldestNanos == nil { oldestNanos = now }
  }

  /// Hands on what there is, or nil.
  mutating func takeBatch() -> ResultBatch? {
    for (key, counts) in checks {
      batch.checks.append(
        CheckCount(
          name: intern(checkNames[key.index]), intervalStartMs: key.intervalStartMs,
          passes: counts.passes, fails: counts.fails))
    }
    guard !batch.isEmpty else { return nil }
    let full = batch
    batch = ResultBatch()
    checks.removeAll(keepingCapacity: true)
    indices.removeAll(keepingCapacity: true)
    nameBytes = 0
    oldestNanos = nil
    generation += 1
    reserve()
    return full
  }

  private mutating func reserve() {
    batch.requests.reserveCapacity(256)
    batch.iterations.reserveCapacity(256)
  }
}
