import Shared

/// What the iterations, checks and agents of one region and interval come to, or any sum of such.
struct RunTotals: IntervalTotals {
  var createdAtMs: Int64 = .max
  var updatedAtMs: Int64 = 0
  var iterations: Int64 = 0
  var failedIterations: Int64 = 0
  var iterationDuration = LatencyHistogram()
  /// From the intended start to the end, of iterations that a load with an arrival rate dealt.
  var intendedDuration = LatencyHistogram()
  var droppedIterations: Int64 = 0
  /// Keys are ids of names.
  var checkPasses = KeyCounts()
  var checkFails = KeyCounts()
  /// Microseconds.
  var tickLatency = LatencyHistogram()
  /// Thousandths of one core.
  var cpu = LatencyHistogram()
  /// Bytes.
  var memory = LatencyHistogram()

  init() {}

  mutating func add(_ row: IterationRow) {
    iterations = iterations.plus(1)
    if row.failed { failedIterations = failedIterations.plus(1) }
    iterationDuration.record(row.durationMicros)
    if row.delayMicros > 0 {
      intendedDuration.record(row.durationMicros.plus(row.delayMicros))
    }
  }

  mutating func add(_ row: DroppedIterations) {
    droppedIterations = droppedIterations.plus(row.count)
  }

  mutating func addCheck(_ name: NameID, passes: Int64, fails: Int64) {
    checkPasses.add(name.rawValue, passes)
    checkFails.add(name.rawValue, fails)
  }

  mutating func add(_ sample: AgentSample) {
    tickLatency.record(sample.tickLatencyMicros)
    cpu.record(sample.cpuPermille)
    memory.record(sample.memoryBytes)
  }

  mutating func merge(_ other: RunTotals) {
    createdAtMs = min(createdAtMs, other.createdAtMs)
    updatedAtMs = max(updatedAtMs, other.updatedAtMs)
    iterations = iterations.plus(other.iterations)
    failedIterations = failedIterations.plus(other.failedIterations)
    iterationDuration.merge(other.iterationDuration)
    checkPasses.merge(other.checkPasses)
    checkFails.merge(other.checkFails)
    tickLatency.merge(other.tickLatency)
    cpu.merge(other.cpu)
    memory.merge(other.memory)
    intendedDuration.merge(other.intendedDuration)
    droppedIterations = droppedIterations.plus(other.droppedIterations)
  }

  func encode(to writer: inout VarIntWriter) {
    for number in [createdAtMs, updatedAtMs, iterations, failedIterations] { writer.signed(number) }
    iterationDuration.encode(to: &writer)
    checkPasses.encode(to: &writer)
    checkFails.encode(to: &writer)
    tickLatency.encode(to: &writer)
    cpu.encode(to: &writer)
    memory.encode(to: &writer)
    writer.signed(droppedIterations)
    intendedDuration.encode(to: &writer)
  }

  init(from reader: inout VarIntReader) throws(VarIntError) {
    createdAtMs = try reader.signed()
    updatedAtMs = try reader.signed()
    iterations = try reader.signed()
    failedIterations = try reader.signed()
    iterationDuration = try LatencyHistogram(from: &reader)
    checkPasses = try KeyCounts(from: &reader)
    checkFails = try KeyCounts(from: &reader)
    tickLatency = try LatencyHistogram(from: &reader)
    cpu = try LatencyHistogram(from: &reader)
    memory = try LatencyHistogram(from: &reader)
    // Aggregates that were stored before these were counted end here.
    guard !reader.isAtEnd else { return }
    droppedIterations = try reader.signed()
    intendedDuration = try LatencyHistogram(from: &reader)
  }
}
