import Shared

/// What the custom metrics of one resource, region and interval come to, or any sum of such.
struct CustomTotals: IntervalTotals {
  var createdAtMs: Int64 = .max
  var updatedAtMs: Int64 = 0
  private(set) var metrics: [MetricDefinition: MetricTotals] = [:]

  init() {}

  mutating func add(_ totals: MetricTotals, to definition: MetricDefinition) {
    metrics[definition, default: MetricTotals()].merge(totals)
  }

  mutating func merge(_ other: CustomTotals) {
    createdAtMs = min(createdAtMs, other.createdAtMs)
    updatedAtMs = max(updatedAtMs, other.updatedAtMs)
    for (definition, totals) in other.metrics { add(totals, to: definition) }
  }

  func encode(to writer: inout VarIntWriter) {
    writer.signed(createdAtMs)
    writer.signed(updatedAtMs)
    writer.unsigned(UInt64(metrics.count))
    for (definition, totals) in metrics {
      definition.encode(to: &writer)
      totals.encode(to: &writer)
    }
  }

  init(from reader: inout VarIntReader) throws(VarIntError) {
    createdAtMs = try reader.signed()
    updatedAtMs = try reader.signed()
    for _ in 0..<(try reader.count()) {
      let definition = try MetricDefinition(from: &reader)
      add(try MetricTotals(from: &reader), to: definition)
    }
  }
}
