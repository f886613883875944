import Shared

/// Custom metrics: kept per region, resource and interval as requests are.
extension IntervalAggregator {
  struct CustomGroup: Hashable, Sendable {
    var region: ExecutionRegionID
    /// Nil for values that belong to no resource.
    var resource: NameID?
  }

  /// Adds the custom metrics of a batch.
  ///
  /// - Parameter atMs: when it was committed, milliseconds since the Unix epoch.
  mutating func add(_ metrics: [StoredMetric], region: ExecutionRegionID, atMs: Int64) {
    for metric in metrics {
      if let resource = metric.resource { texts[resource.id] = resource.name }
      let interval = intervalStart(of: metric)
      let group = CustomGroup(region: region, resource: metric.resource?.id)
      let slot = custom.slot(for: .init(group: group, intervalStartMs: interval))
      custom.open[slot].touch(atMs: atMs)
      touch(interval, atMs: atMs)
      custom.open[slot].add(metric.totals, to: metric.definition)
      saw(interval: interval)
    }
    if !metrics.isEmpty { packOldIntervals() }
  }

  /// Numbers come from agents: what is no start of an interval is drawn to one.
  private func intervalStart(of metric: StoredMetric) -> Int64 {
    let (micros, overflow) = metric.intervalStartMs.multipliedReportingOverflow(by: 1_000)
    return overflow ? 0 : Self.intervalStartMs(micros: micros)
  }

  /// A custom metric that occurred in this execution; nil when none has this name.
  public func customMetric(namespace: String, name: String) -> MetricDefinition? {
    var found: MetricDefinition?
    custom.forEach(interval: nil, where: { _ in true }) { _, totals in
      for definition in totals.metrics.keys
      where definition.name == name && definition.namespace == namespace {
        // Of several types under one name it is always the same that is found.
        if found.map({ definition.type.rawValue < $0.type.rawValue }) ?? true {
          found = definition
        }
      }
    }
    return found
  }

  func mergedCustom(
    region: ExecutionRegionID?, resource: NameID?, interval: Int64?
  ) -> CustomTotals {
    var merged = CustomTotals()
    custom.forEach(
      interval: interval,
      where: {
        (region == nil || $0.region == region) && (resource == nil || $0.resource == resource)
      },
      { _, totals in merged.merge(totals) })
    return merged
  }

  /// Keys of the groups with custom metrics; one may occur twice.
  func customKeys(region: ExecutionRegionID?, resource: NameID?) -> [(NameID?, Int64)] {
    custom.allKeys.compactMap { key in
      guard region == nil || key.group.region == region,
        resource == nil || key.group.resource == resource
      else { return nil }
      return (key.group.resource, key.intervalStartMs)
    }
  }

  func encodeCustom(to writer: inout VarIntWriter) {
    let packed = custom.allPacked
    writer.unsigned(UInt64(packed.count))
    for (key, bytes) in packed {
      writer.signed(key.group.region.rawValue)
      writer.signed(key.group.resource?.rawValue ?? 0)
      writer.signed(key.intervalStartMs)
      writer.blob(bytes)
    }
  }

  mutating func decodeCustom(from reader: inout VarIntReader) throws(VarIntError) {
    for _ in 0..<(try reader.count()) {
      let region = ExecutionRegionID(try reader.signed())
      let resource = try reader.signed()
      let group = CustomGroup(region: region, resource: resource == 0 ? nil : NameID(resource))
      let interval = try reader.signed()
      let key = IntervalTable<CustomGroup, CustomTotals>.Key(
        group: group, intervalStartMs: interval)
      touch(interval, atMs: try custom.restore(key, try reader.blob()))
    }
  }
}

extension Aggregate {
  /// Custom metrics, by namespace and name.
  public var customMetrics: [MetricValue] {
    custom.metrics.keys.sorted {
      ($0.namespace, $0.name, $0.type.rawValue) < ($1.namespace, $1.name, $1.type.rawValue)
    }.compactMap(customMetric)
  }

  func customMetric(_ definition: MetricDefinition) -> MetricValue? {
    guard let totals = custom.metrics[definition] else { return nil }
    let content: MetricValue.Content =
      switch definition.type {
      case .counter: .counter(totals.values.sum)
      case .histogram:
        .keys(
          totals.keys.map { (key: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.key) < ($0.count, $1.key) })
      case .timing: .distribution(Distribution(totals.values))
      case .metered: .distribution(Distribution(totals.values, withLast: true))
      }
    return MetricValue(definition, content)
  }
}
