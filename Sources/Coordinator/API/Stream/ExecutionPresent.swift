import Shared

/// An execution as streams show it at one moment.
struct ExecutionPresent: Sendable {
  struct LogLine: Sendable {
    var id: Int64
    var json: [UInt8]
  }

  var state: RenderedItem
  var chunks: [RenderedItem]
  var limits: [RenderedItem] = []
  /// What the limits were made from, beside what was measured.
  var limitStates: [LimitState] = []
  /// In the order of their changes.
  var intervals: [IntervalMark] = []
  /// The latest entries, ascending; all that have an id above `logsSince`.
  var logs: [LogLine] = []
  var logsSince: Int64 = 0
  /// Nothing of it will change any more, and all of it is here.
  var isOver = false

  init(_ details: ExecutionDetails) {
    var json = JSONWriter()
    var includes = ExecutionIncludes(summary: false)
    includes.down = false
    json.execution(details, includes, nil)
    state = RenderedItem(json)
    chunks = details.regions.flatMap { region in region.chunks.map { ($0, region.record.id) } }
      .sorted { $0.0.id < $1.0.id }
      .map { chunk, region in
        var json = JSONWriter()
        json.chunk(chunk, of: details, region: region)
        // Without the seconds that it has run, which grow all the time.
        let identity = """
          \(chunk.id) \(chunk.updatedAtMs) \(chunk.running) \(chunk.completed) \
          \(chunk.startedAtMs ?? 0) \(details.iterations(of: chunk))
          """
        return RenderedItem(json, identity: identity)
      }
  }

  /// Takes over what was read earlier.
  init(_ details: ExecutionDetails, after earlier: ExecutionPresent) {
    self.init(details)
    limits = earlier.limits
    limitStates = earlier.limitStates
    intervals = earlier.intervals
    logs = earlier.logs
    logsSince = earlier.logsSince
  }

  /// Adds entries; of the older ones only so many are kept.
  mutating func add(_ records: [LogRecord], keeping most: Int) {
    for record in records {
      var json = JSONWriter()
      json.log(record)
      logs.append(LogLine(id: record.id, json: json.bytes))
    }
    guard logs.count > most else { return }
    let dropped = logs.count - most / 2
    logsSince = logs[dropped - 1].id
    logs.removeFirst(dropped)
  }

  mutating func setLimits(of record: ExecutionRecord, measured: [Double?]) {
    limitStates = record.limits
    limits = zip(record.limits, measured).map { state, measured in
      var json = JSONWriter()
      json.limit(state, measured: measured)
      return RenderedItem(json)
    }
  }
}
