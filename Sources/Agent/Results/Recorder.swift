import Shared

/// Collects what the clients of one run do on one engine thread, until it is handed on as a
/// batch. Names are interned per batch, so that each batch stands for itself.
struct Recorder {
  /// Rows of one kind after which a batch is closed: a client may still add a few.
  private static let rowsMax = Limits.batchRowsMax - 64
  /// Bytes of names after which a batch is closed, so that its line stays within bounds even
  /// when every request has a resource of its own.
  private static let nameBytesMax = 128 << 10
  /// Checks that take as much of a line as one request: 50 bytes each at most.
  private static let checksPerRow = 4
  /// Bytes of records that may travel with requests: what 4,096 rows of 200 bytes and their
  /// names leave of a line.
  private static let recordBytesBesideRows = 64 << 10
  /// Bytes of a resource's name beside a record.
  static let resourceBytesMax = 4_096
  /// Stands for all resources, and for all checks, that a run has no room for.
  static let otherName = "(other)"

  private(set) var batch = ResultBatch()
  private var indices: [String: UInt32] = [:]
  private var nameBytes = 0
  /// Counted over the whole run, so that a test with an endless variety of URLs stays bounded.
  private var resources: Set<String> = []
  private var checkNames: CheckNames
  /// Batches that were full in the middle of a script's turn.
  private var closed: [ResultBatch] = []
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

  /// - Parameters:
  ///   - checkNames: of the checks that are known by index.
  ///   - engine: the thread's place among those that share the run, and their number.
  ///   - masker: for secrets in what scripts say.
  init(
    checkNames: [String], engine: (index: Int, count: Int) = (0, 1),
    masker: SecretMasker = SecretMasker()
  ) {
    self.checkNames = CheckNames(checkNames)
    self.masker = masker
    nextFile = UInt32(engine.index)
    fileStride = UInt32(engine.count)
    reserve()
  }

  /// Whether the batch should be handed on at `now`.
  func isDue(now: Int64) -> Bool { isFull || dueNanos.map { $0 <= now } ?? false }

  var isFull: Bool {
    batch.requests.count + batch.assertions.count / Self.checksPerRow >= Self.rowsMax
      || batch.iterations.count >= Self.rowsMax || batch.assertions.count >= Self.rowsMax
      || !closed.isEmpty || nameBytes >= Self.nameBytesMax
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

  @discardableResult
  mutating func record(_ row: RequestRow, now: Int64) -> RecordedRequest {
    let place = Int32(truncatingIfNeeded: batch.requests.count)
    batch.requests.append(row)
    if oldestNanos == nil { oldestNanos = now }
    return RecordedRequest(
      generation: generation, place: place,
      endedAtMicros: row.startedAtMicros.plus(Int64(row.connectionCloseMicros)))
  }

  mutating func record(_ row: IterationRow, now: Int64) {
    batch.iterations.append(row)
    if oldestNanos == nil { oldestNanos = now }
  }

  mutating func record(_ sample: AgentSample, now: Int64) {
    batch.samples.append(sample)
    if oldestNanos == nil { oldestNanos = now }
  }

  /// A check of a client.
  ///
  /// - Parameter latest: the client's latest request.
  mutating func check(
    _ index: Int, passed: Bool, of moment: ClientMoment, after latest: RecordedRequest?,
    atMicros: Int64, now: Int64
  ) {
    // A script may check without end before its turn is over.
    let room = (Limits.batchRowsMax - batch.requests.count) * Self.checksPerRow
    if batch.assertions.count >= min(room, Limits.batchRowsMax) { closed.append(takeResults()) }
    var row = CheckRow(
      atMicros: atMicros, client: moment.client, iteration: moment.iteration,
      name: place(ofCheck: index), passed: passed)
    if let latest, latest.generation == generation {
      row.request = latest.place
      let delay = max(0, atMicros.minus(latest.endedAtMicros))
      row.atMicros = latest.endedAtMicros.plus(delay / 1_000 * 1_000)
    }
    batch.assertions.append(row)
    if oldestNanos == nil { oldestNanos = now }
  }

  private mutating func place(ofCheck index: Int) -> UInt32 {
    if let place = checkNames.place(of: index) { return place }
    let place = intern(checkNames[index])
    checkNames.setPlace(place, of: index)
    return place
  }

  /// Index of a check's name, valid for the whole run.
  mutating func checkIndex(_ name: String) -> Int { checkNames.index(of: name) }

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
    let full: ResultBatch? =
      if !closed.isEmpty {
        closed.removeFirst()
      } else {
        batch.hasNoResults ? takeRecords() : takeResults()
      }
    if batch.hasNoResults, closed.isEmpty, records.isEmpty { oldestNanos = nil }
    return full
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
    checkNames.forgetPlaces()
    generation += 1
    reserve()
    return full
  }

  private mutating func reserve() {
    batch.requests.reserveCapacity(256)
    batch.iterations.reserveCapacity(256)
  }
}

/// Where a request stands, for the checks that follow it.
struct RecordedRequest {
  /// Of the recorder: later, the place means nothing.
  var generation: Int
  /// Among the requests of the batch.
  var place: Int32
  /// Microseconds since the Unix epoch.
  var endedAtMicros: Int64
}
