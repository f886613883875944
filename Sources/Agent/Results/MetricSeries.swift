import Shared

/// The custom metrics of a run on one engine thread, put together per interval until a batch
/// takes them. Pure.
struct MetricSeries {
  /// Names a metric of one resource for the whole run, so that values need no lookup by name.
  struct Handle: Equatable, Sendable {
    fileprivate var index: Int
  }

  private struct Key: Hashable {
    var definition: MetricDefinition
    var resource: String?
  }

  private struct Cell {
    var key: Key
    var intervalStartMs: Int64 = 0
    var totals = MetricTotals()
    /// Whether it is among the touched ones.
    var isTouched = false
  }

  private var indices: [Key: Int] = [:]
  private var cells: [Cell] = []
  /// Cells with values that no batch has taken.
  private var touched: [Int] = []
  /// Values of intervals that passed before a batch took them.
  private var finished: [MetricDelta] = []

  var isEmpty: Bool { touched.isEmpty && finished.isEmpty }

  /// The handle of a metric; nil once the run has too many of them, or when its names break the
  /// rules, which scripts are told before it comes to this.
  mutating func handle(_ definition: MetricDefinition, resource: String?) -> Handle? {
    let key = Key(definition: definition, resource: resource)
    if let index = indices[key] { return Handle(index: index) }
    guard cells.count < Limits.metricSeriesPerRunMax,
      MetricName.problem(definition.name) == nil,
      MetricName.namespaceProblem(definition.namespace) == nil
    else { return nil }
    let index = cells.count
    indices[key] = index
    cells.append(Cell(key: key))
    return Handle(index: index)
  }

  /// Adds a value to a Counter, Timing or Metered.
  mutating func record(_ handle: Handle, _ value: Double, atMicros: Int64) {
    touch(handle.index, atMicros)
    if cells[handle.index].key.definition.type == .counter {
      cells[handle.index].totals.count(value)
    } else {
      cells[handle.index].totals.record(value, atMicros: atMicros)
    }
  }

  /// Adds to a key of a Histogram.
  mutating func record(_ handle: Handle, key: String, count: Int64, atMicros: Int64) {
    touch(handle.index, atMicros)
    cells[handle.index].totals.count(key: key.prefix(bytes: Limits.metricKeyBytesMax), count)
  }

  private mutating func touch(_ index: Int, _ atMicros: Int64) {
    let start = atMicros / 1_000 / Limits.intervalMs * Limits.intervalMs
    if cells[index].isTouched {
      guard cells[index].intervalStartMs != start else { return }
      finish(index)
    } else {
      cells[index].isTouched = true
      touched.append(index)
    }
    cells[index].intervalStartMs = start
  }

  private mutating func finish(_ index: Int) {
    let cell = cells[index]
    guard !cell.totals.isEmpty else { return }
    finished.append(
      MetricDelta(
        definition: cell.key.definition, resource: cell.key.resource,
        intervalStartMs: cell.intervalStartMs, totals: cell.totals))
    cells[index].totals = MetricTotals()
  }

  /// Hands on everything since the last call.
  mutating func take() -> [MetricDelta] {
    for index in touched {
      finish(index)
      cells[index].isTouched = false
    }
    touched.removeAll(keepingCapacity: true)
    defer { finished = [] }
    return finished
  }
}
