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
  /// Bytes of records that may travel with requests: what 4,096 rows of 200 bytes and their
  /// names leave of a line.
  private static let recordBytesBesideRows = 64 << 10
  /// Bytes of a resource's name beside a record.
  static let resourceBytesMax = 4_096
  private static let otherName = "(other)"

  private(set) var batch = ResultBatch()
  private var indices: [String: UInt32] = [:]
  private var nameBytes = 0
  /// Counted over the whole run, so that a test with an endless variety of URLs stays bounded.
  private var resources: Set<String> = []
  private var checkNames: [String]
  private var checkIndices: [String: Int] = [:]
  private var checks: [CheckKey: (passes: Int64, fails: Int64)] = [:]
  /// Changes with every batch: indices that were remembered elsewhere are void then.
  private(set) var generation = 0
  /// When the oldest row of the batch was recorded.
  private(set) var oldestNanos: Int64?

  // What scripts say, see `Recorder+Records.swift`.
  var records = RecordBuffer()
  var series = MetricSeries()
  let masker: SecretMasker
  var scriptLog = ScriptLog()
  var scriptErrors = ScriptErrors()
  /// Values of metrics that the run had no room for.
  var metricValuesCut: Int64 = 0
  /// Output files so far, and their bytes.
  var files = 0
  var fileBytes = 0
  private var nextFile: UInt32
  /// Threads take turns in numbering, so that no two files of a run share a number.
  private let fileStride: UInt32

  private struct CheckKey: Hashable {
    var index: Int
    var intervalStartMs: Int64
  }

  /// - Parameters:
  ///   - checkNames: of the checks that are counted by index.
  ///   - engine: the thread's place among those that share the run, and their number.
  ///   - masker: for secrets in what scripts say.
  init(
    checkNames: [String], engine: (index: Int, count: Int) = (0, 1),
    masker: SecretMasker = SecretMasker()
  ) {
    self.checkNames = checkNames
    self.masker = masker
    nextFile = UInt32(engine.index)
    fileStride = UInt32(engine.count)
    for (index, name) in checkNames.enumerated() where checkIndices[name] == nil {
      checkIndices[name] = index
    }
    reserve()
  }

  /// Whether the batch should be handed on at `now`.
  func isDue(now: Int64) -> Bool { isFull || dueNanos.map { $0 <= now } ?? false }

  var isFull: Bool {
    batch.requests.count >= Self.rowsMax || batch.iterations.count >= Self.rowsMax
      || checks.count >= Self.checksMax || nameBytes >= Self.nameBytesMax
      || records.bytes >= Limits.batchBytesMax
  }

  /// When `isDue` turns true by time alone.
  var dueNanos: Int64? {
    let byAge = oldestNanos.map { $0 + Int64(Limits.batchDelayMsMax) * 1_000_000 }
    let due = min(
      byAge ?? .max, scriptLog.dueNanos ?? .max, scriptErrors.dueNanos ?? .max)
    return due == .max ? nil : due
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

  /// A check of a script that names its checks beforehand.
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

  /// A check under any name; `(other)` once the run has too many of them.
  mutating func check(name: String, passed: Bool, atMicros: Int64, now: Int64) {
    check(checkIndex(name), passed: passed, atMicros: atMicros, now: now)
  }

  /// Index of a check's name, valid for the whole run.
  mutating func checkIndex(_ name: String) -> Int {
    if let index = checkIndices[name] { return index }
    let cut = name.prefix(bytes: Limits.suiteNameBytesMax)
    if let index = checkIndices[cut] { return index }
    let isRoom = checkIndices.count < Limits.checkNamesPerRunMax || cut == Self.otherName
    guard isRoom else { return checkIndex(Self.otherName) }
    checkIndices[cut] = checkNames.count
    checkNames.append(cut)
    return checkNames.count - 1
  }

  /// Iterations that were to begin by `atMicros` could not.
  mutating func drop(_ count: Int64 = 1, atMicros: Int64, now: Int64) {
    let start = atMicros / 1_000 / Limits.intervalMs * Limits.intervalMs
    if batch.drops.last?.intervalStartMs == start {
      batch.drops[batch.drops.count - 1].count += count
    } else {
      batch.drops.append(DroppedIterations(intervalStartMs: start, count: count))
    }
    if oldestNanos == nil { oldestNanos = now }
  }

  mutating func takeFileNumber() -> UInt32 {
    defer { nextFile &+= fileStride }
    return nextFile
  }

  /// Something is there to be handed on.
  mutating func beginWaiting(_ now: Int64) {
    if oldestNanos == nil { oldestNanos = now }
  }

  /// Hands on what there is, or nil. To be called until it is nil: there may be more than one
  /// batch holds.
  mutating func takeBatch() -> ResultBatch? {
    if !series.isEmpty {
      for delta in series.take() {
        records.add(delta, to: \.metrics, size: RecordSize.of(delta))
      }
    }
    takeChecks()
    let full = batch.hasNoResults ? takeRecords() : takeResults()
    if batch.hasNoResults, checks.isEmpty, records.isEmpty { oldestNanos = nil }
    return full
  }

  /// As many of the checks as a batch may have.
  private mutating func takeChecks() {
    guard !checks.isEmpty else { return }
    let room = Limits.batchRowsMax - batch.checks.count
    var taken = checks
    if checks.count > room {
      taken = Dictionary(uniqueKeysWithValues: checks.prefix(room).map { ($0.key, $0.value) })
    }
    for (key, counts) in taken {
      batch.checks.append(
        CheckCount(
          name: intern(checkNames[key.index]), intervalStartMs: key.intervalStartMs,
          passes: counts.passes, fails: counts.fails))
    }
    guard taken.count < checks.count else { return checks = [:] }
    for key in taken.keys { checks[key] = nil }
  }

  /// Names stay where they are: somebody may hold an index into them.
  private mutating func takeRecords() -> ResultBatch? {
    guard let taken = records.take() else { return nil }
    var full = ResultBatch()
    full.records = taken
    return full
  }

  private mutating func takeResults() -> ResultBatch {
    var full = batch
    if let taken = records.take(bytesMax: Self.recordBytesBesideRows) { full.records = taken }
    batch = ResultBatch()
    indices.removeAll(keepingCapacity: true)
    nameBytes = 0
    generation += 1
    reserve()
    return full
  }

  private mutating func reserve() {
    batch.requests.reserveCapacity(256)
    batch.iterations.reserveCapacity(256)
  }
}
