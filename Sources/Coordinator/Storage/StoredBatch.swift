import Shared

/// Rows as they are kept: one or more batches whose result ids follow each other, each a segment.
/// Strings are ids of names.
public struct StoredBatch: Sendable, Equatable {
  /// The rows of one batch of an agent.
  public struct Segment: Sendable, Equatable {
    public var chunk: ChunkID
    public var epoch: Int
    /// Id of its first request; that of the next is one more.
    public var firstResultID: Int64
    /// When it was committed, milliseconds since the Unix epoch.
    public var committedAtMs: Int64
    /// Rows of each table.
    public var requests: Int
    public var iterations: Int
    public var checks: Int
    public var samples: Int
    public var drops: Int
    public var assertions = 0
    /// Id of its first assertion; that of the next is one more.
    public var firstAssertionID: Int64 = 0
  }

  public var segments: [Segment]
  /// What `resource`, `method`, `contentType` and a check's `name` are indices of.
  public var names: [NameID]
  public var requests: [RequestRow]
  public var iterations: [IterationRow]
  public var checks: [CheckCount]
  public var samples: [AgentSample]
  public var drops: [DroppedIterations]
  public var assertions: [CheckRow]

  /// A batch as it came, its strings replaced by `names`, one for each.
  public init(
    _ batch: ResultBatch, names: [NameID], lease: LeaseKey, firstResultID: Int64,
    firstAssertionID: Int64 = Limits.firstAssertionID, committedAtMs: Int64
  ) {
    segments = [
      Segment(
        chunk: lease.chunk, epoch: lease.epoch, firstResultID: firstResultID,
        committedAtMs: committedAtMs, requests: batch.requests.count,
        iterations: batch.iterations.count, checks: batch.checks.count,
        samples: batch.samples.count, drops: batch.drops.count,
        assertions: batch.assertions.count,
        firstAssertionID: batch.assertions.isEmpty ? 0 : firstAssertionID)
    ]
    self.names = names
    requests = batch.requests
    iterations = batch.iterations
    checks = batch.checks
    samples = batch.samples
    drops = batch.drops
    assertions = batch.assertions
  }

  init(
    segments: [Segment], names: [NameID], requests: [RequestRow], iterations: [IterationRow],
    checks: [CheckCount], samples: [AgentSample], drops: [DroppedIterations],
    assertions: [CheckRow]
  ) {
    self.segments = segments
    self.names = names
    self.requests = requests
    self.iterations = iterations
    self.checks = checks
    self.samples = samples
    self.drops = drops
    self.assertions = assertions
  }

  public var firstResultID: Int64 { segments.first?.firstResultID ?? 0 }

  /// The last id that belongs to it. A batch without requests has one id all the same, so that
  /// every batch has a place in the order.
  public var lastResultID: Int64 {
    guard let last = segments.last else { return 0 }
    return last.firstResultID + Int64(max(last.requests, 1)) - 1
  }

  /// Rows of all tables: what its size in memory goes by.
  var rowCount: Int {
    requests.count + iterations.count + checks.count + samples.count + drops.count
      + assertions.count
  }

  /// Appends a batch with higher ids.
  mutating func append(_ other: StoredBatch) {
    var places: [NameID: UInt32] = [:]
    for (index, name) in names.enumerated() { places[name] = UInt32(index) }
    var moved: [UInt32] = []
    for name in other.names {
      if places[name] == nil {
        places[name] = UInt32(names.count)
        names.append(name)
      }
      moved.append(places[name] ?? 0)
    }
    segments += other.segments
    let before = Int32(truncatingIfNeeded: requests.count)
    requests += other.requests.map { row in
      var row = row
      row.resource = moved[Int(row.resource)]
      row.method = moved[Int(row.method)]
      if row.contentType >= 0 { row.contentType = Int32(moved[Int(row.contentType)]) }
      return row
    }
    iterations += other.iterations
    checks += other.checks.map { row in
      var row = row
      row.name = moved[Int(row.name)]
      return row
    }
    samples += other.samples
    drops += other.drops
    assertions += other.assertions.map { row in
      var row = row
      row.name = moved[Int(row.name)]
      if row.request >= 0 { row.request += before }
      return row
    }
  }

  /// The batch of one segment, for the aggregator. `texts` are those of `names`.
  func batches(texts: [String]) -> [(segment: Segment, batch: ResultBatch)] {
    var places = (0, 0, 0, 0, 0, 0)
    return segments.map { segment in
      var batch = ResultBatch()
      batch.strings = texts
      batch.requests = Array(requests[places.0..<(places.0 + segment.requests)])
      batch.iterations = Array(iterations[places.1..<(places.1 + segment.iterations)])
      batch.checks = Array(checks[places.2..<(places.2 + segment.checks)])
      batch.samples = Array(samples[places.3..<(places.3 + segment.samples)])
      batch.drops = Array(drops[places.4..<(places.4 + segment.drops)])
      batch.assertions = assertions[places.5..<(places.5 + segment.assertions)].map { row in
        var row = row
        if row.request >= 0 { row.request -= Int32(truncatingIfNeeded: places.0) }
        return row
      }
      places.0 += segment.requests
      places.1 += segment.iterations
      places.2 += segment.checks
      places.3 += segment.samples
      places.4 += segment.drops
      places.5 += segment.assertions
      return (segment, batch)
    }
  }
}
