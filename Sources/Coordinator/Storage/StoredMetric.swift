import Shared

/// What came to a custom metric in one interval, its resource an interned name.
public struct StoredMetric: Sendable, Equatable {
  public var definition: MetricDefinition
  public var resource: NameRecord?
  public var intervalStartMs: Int64
  public var totals: MetricTotals
}

/// Custom metrics of unfinished executions as they came, from which the aggregates are computed
/// anew after a restart. Once these are stored, they take the place of the metrics here.
enum MetricDeltaStore {
  static func insert(
    _ metrics: [StoredMetric], execution: ExecutionID, region: ExecutionRegionID, atMs: Int64,
    in db: Database
  ) throws {
    try db.run(
      """
      INSERT INTO metric_deltas (execution, execution_region, created_at, body)
      VALUES (?, ?, ?, ?)
      """, .id(execution), .id(region), .int(atMs), .blob(encoded(metrics)))
  }

  /// The metrics of one batch, the first after `id`; nil at the end.
  static func next(
    after id: Int64, of execution: ExecutionID, in db: Database
  ) throws -> (id: Int64, region: ExecutionRegionID, atMs: Int64, metrics: [StoredMetric])? {
    try db.first(
      """
      SELECT id, execution_region, created_at, body FROM metric_deltas
      WHERE execution = ? AND id > ? ORDER BY id LIMIT 1
      """, .id(execution), .int(id)
    ) { (id: $0.int64(0), region: $0.id(1), atMs: $0.int64(2), metrics: try decoded($0.blob(3))) }
  }

  /// Its id, for one that cannot be read.
  static func nextID(
    after id: Int64, of execution: ExecutionID, in db: Database
  ) throws -> Int64? {
    try db.first(
      "SELECT id FROM metric_deltas WHERE execution = ? AND id > ? ORDER BY id LIMIT 1",
      .id(execution), .int(id)
    ) { $0.int64(0) }
  }

  static func delete(of execution: ExecutionID, in db: Database) throws {
    try db.run("DELETE FROM metric_deltas WHERE execution = ?", .id(execution))
  }

  private static func encoded(_ metrics: [StoredMetric]) -> [UInt8] {
    var writer = VarIntWriter()
    writer.unsigned(UInt64(metrics.count))
    for metric in metrics {
      metric.definition.encode(to: &writer)
      writer.signed(metric.resource?.id.rawValue ?? 0)
      writer.text(metric.resource?.name ?? "")
      writer.signed(metric.intervalStartMs)
      metric.totals.encode(to: &writer)
    }
    return writer.bytes
  }

  private static func decoded(_ bytes: [UInt8]) throws(VarIntError) -> [StoredMetric] {
    var reader = VarIntReader(bytes)
    var metrics: [StoredMetric] = []
    for _ in 0..<(try reader.count()) {
      let definition = try MetricDefinition(from: &reader)
      let id = NameID(try reader.signed())
      let name = try reader.text()
      let interval = try reader.signed()
      metrics.append(
        StoredMetric(
          definition: definition,
          resource: id.rawValue == 0 ? nil : NameRecord(id: id, createdAtMs: 0, name: name),
          intervalStartMs: interval, totals: try MetricTotals(from: &reader)))
    }
    return metrics
  }
}

extension MetricDefinition {
  func encode(to writer: inout VarIntWriter) {
    writer.text(namespace)
    writer.text(name)
    writer.text(type.rawValue)
    writer.unsigned(units == nil ? 0 : 1)
    if let units { writer.text(units) }
  }

  init(from reader: inout VarIntReader) throws(VarIntError) {
    let namespace = try reader.text()
    let name = try reader.text()
    guard let type = MetricType(rawValue: try reader.text()) else {
      throw VarIntError("unknown type of a metric")
    }
    var units: String?
    if try reader.unsigned() == 1 { units = try reader.text() }
    self.init(namespace: namespace, name: name, type: type, units: units)
  }
}
