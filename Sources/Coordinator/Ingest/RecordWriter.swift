import Shared

/// Stores what scripts say, in the transaction of the batches that it came with.
struct RecordWriter {
  /// Where a batch comes from, and when it is committed.
  struct Source {
    var lease: LeaseKey
    var execution: ExecutionID
    var region: ExecutionRegionID
    /// An id that results have which are committed along.
    var nearResultID: Int64
    /// Milliseconds since the Unix epoch.
    var atMs: Int64
  }

  private let directory: OutputFileDirectory
  private var files: OutputFileWriter
  private let compressor: Zstandard
  /// Of unfinished executions, before the transaction.
  private let before: [ExecutionID: RecordCounts]
  /// Of the executions that are concerned, as they are when the transaction commits.
  private(set) var counts: [ExecutionID: RecordCounts] = [:]
  /// Whether files are complete by it that are to be compared.
  private(set) var completesComparable = false
  /// Contents that nothing refers to once the transaction has committed.
  private var doomed: [(file: Int64, execution: ExecutionID)] = []

  init(
    _ directory: OutputFileDirectory, counts: [ExecutionID: RecordCounts], compressor: Zstandard
  ) {
    self.directory = directory
    before = counts
    self.compressor = compressor
    files = OutputFileWriter(directory)
  }

  /// Stores the records of one batch and returns its custom metrics for the aggregator.
  mutating func write(
    _ records: RunRecords, from source: Source, _ names: inout NameCache, in db: Database
  ) throws -> [StoredMetric] {
    if counts[source.execution] == nil {
      counts[source.execution] =
        try before[source.execution] ?? RecordCounts(of: source.execution, in: db)
    }
    for row in records.logs { try write(row, source, in: db) }
    for row in records.suiteResults { try write(row, source, &names, in: db) }
    for part in records.files { try write(part, source, in: db) }
    for row in records.traces { try write(row, source, &names, in: db) }
    for row in records.values {
      try ValueStore.set(row, of: source.execution, atMs: source.atMs, in: db)
    }
    guard !records.metrics.isEmpty else { return [] }
    let metrics = try records.metrics.map { row in
      StoredMetric(
        definition: row.definition,
        resource: try row.resource.map { try resource($0, source, &names, in: db) },
        intervalStartMs: row.intervalStartMs, totals: row.totals)
    }
    try MetricDeltaStore.insert(
      metrics, execution: source.execution, region: source.region, atMs: source.atMs, in: db)
    return metrics
  }

  /// To be called last in the transaction: contents are on the disk before it commits.
  mutating func finish() throws { try files.sync() }

  /// The transaction has committed.
  func committed() {
    for (file, execution) in doomed { directory.remove(file, of: execution) }
  }

  private func resource(
    _ name: String, _ source: Source, _ names: inout NameCache, in db: Database
  ) throws -> NameRecord {
    let id = try names.intern([name], atMs: source.atMs, in: db)[0]
    return NameRecord(id: id, createdAtMs: source.atMs, name: name)
  }

  /// Whether one more of a kind is kept; the log says so when it is the first that is not.
  private mutating func admits(
    _ kind: RecordCounts.Kind, _ source: Source, in db: Database
  ) throws -> Bool {
    if counts[source.execution]?.admits(kind) ?? false { return true }
    try announce(kind, source, in: db)
    return false
  }

  private func announce(
    _ kind: RecordCounts.Kind, _ source: Source, in db: Database
  ) throws {
    guard let text = counts[source.execution]?.announcement(of: kind) else { return }
    try LogStore.insert(
      LogRecord(
        id: 0, execution: source.execution, createdAtMs: source.atMs, updatedAtMs: source.atMs,
        loggedAtMs: source.atMs, level: "Warning", message: text, isSystem: true), in: db)
  }

  private mutating func write(_ row: LogRow, _ source: Source, in db: Database) throws {
    guard try admits(.logs, source, in: db) else { return }
    var record = LogRecord(
      id: 0, execution: source.execution, createdAtMs: source.atMs, updatedAtMs: source.atMs,
      loggedAtMs: row.atMicros / 1_000, level: row.level.name, message: row.message,
      isSystem: false)
    record.moment = row.moment
    try LogStore.insert(record, in: db)
  }

  private mutating func write(
    _ row: SuiteResultRow, _ source: Source, _ names: inout NameCache, in db: Database
  ) throws {
    guard try admits(.suiteResults, source, in: db) else { return }
    let ids = try names.intern([row.suite, row.test], atMs: source.atMs, in: db)
    try SuiteResultStore.insert(
      row, suite: ids[0], test: ids[1], lease: source.lease, execution: source.execution,
      region: source.region, atMs: source.atMs, in: db)
  }

  private mutating func write(
    _ row: TraceRow, _ source: Source, _ names: inout NameCache, in db: Database
  ) throws {
    guard try admits(.traces, source, in: db) else { return }
    let resource = try resource(row.resource, source, &names, in: db)
    counts[source.execution]?.traceBytes += try TraceStore.insert(
      row, resource: resource.id, lease: source.lease, execution: source.execution,
      region: source.region, nearResultID: source.nearResultID, atMs: source.atMs,
      compressor: compressor, in: db)
  }

  private mutating func write(_ part: FilePart, _ source: Source, in db: Database) throws {
    var known = try OutputFileStore.find(part.file, of: source.lease, in: db)
    if part.index == 0, known == nil {
      guard try admits(.files, source, in: db) else { return }
      _ = try OutputFileStore.insert(
        part, lease: source.lease, execution: source.execution, region: source.region,
        atMs: source.atMs, in: db)
      known = try OutputFileStore.find(part.file, of: source.lease, in: db)
    }
    // Further parts of a file that was cut have no row, and go with it.
    guard let file = known, file.parts == part.index, !file.isComplete else { return }
    guard counts[source.execution]?.grows(file: file.size, by: part.bytes.count) ?? false else {
      doomed.append((file.id, source.execution))
      try OutputFileStore.delete(file.id, in: db)
      return try announce(.files, source, in: db)
    }
    try files.write(part.bytes, at: file.size, to: file.id, of: source.execution)
    try OutputFileStore.grown(
      file.id, size: file.size + Int64(part.bytes.count), parts: part.index + 1,
      isComplete: part.isLast, atMs: source.atMs, in: db)
    if part.isLast, part.metadata.compare != nil { completesComparable = true }
  }
}
