import Shared

/// Comparisons as the API shows them.
extension ComparedExecutions {
  /// The answer up to the list of resources.
  var head: String {
    var json = JSONWriter()
    let settings = comparison.settings
    json.beginObject()
    json.member("verdict", comparison.verdict.rawValue)
    json.member("baseline", records[0].id)
    json.member("confidence", settings.confidence)
    json.member("minChangePercent", settings.minChangePercent)
    json.key("correction")
    json.beginObject()
    json.member("method", "Bonferroni")
    json.member("comparisons", comparison.comparisons)
    json.member("confidence", comparison.strictConfidence)
    json.endObject()
    json.key("executions")
    json.array(zip(records, comparison.executions)) { $0.comparedExecution($1.0, $1.1, self) }
    json.key("overall")
    json.comparedScope(comparison.overall, self)
    json.key("resources")
    return String(decoding: json.bytes, as: UTF8.self)
  }

  /// The answer after the list of resources.
  var tail: String {
    var json = JSONWriter()
    json.beginObject()
    for (name, odd) in [("missing", comparison.missing), ("new", comparison.new)] {
      json.key(name)
      json.array(odd) { json, odd in
        json.beginObject()
        json.member("executionId", odd.execution)
        json.key("resource")
        json.resource(self.name(odd.resource))
        json.endObject()
      }
    }
    json.endObject()
    // The brace was opened by the head, and a comma stands in its place.
    return "," + String(decoding: json.bytes.dropFirst(), as: UTF8.self)
  }
}

extension JSONWriter {
  fileprivate mutating func comparedExecution(
    _ record: ExecutionRecord, _ requests: ComparedRequests, _ compared: ComparedExecutions
  ) {
    beginObject()
    member("id", record.id)
    key("testConf")
    beginObject()
    member("id", record.configuration)
    member("name", compared.configurations[record.configuration])
    endObject()
    time("createdAt", record.createdAtMs)
    time("startedAt", record.startedAtMs)
    time("finishedAt", record.finishedAtMs)
    member("completed", record.completed)
    member("durationSecs", requests.seconds)
    member("concurrentClients", record.concurrentClients)
    if record.id != compared.records[0].id {
      member("verdict", compared.comparison.verdict(of: record.id).rawValue)
    }
    endObject()
  }

  /// One resource, or all: the figures of each execution, and how they differ.
  mutating func comparedScope(
    _ scope: ExecutionComparison.Scope, _ compared: ComparedExecutions
  ) {
    beginObject()
    if let resource = scope.resource {
      key("resource")
      self.resource(compared.name(resource))
    }
    member("verdict", scope.verdict.rawValue)
    key("executions")
    array(compared.comparison.executions.filter { $0.figures(scope.resource) != nil }) {
      $0.figures($1, scope.resource)
    }
    key("differences")
    array(scope.candidates) { json, candidate in
      json.beginObject()
      json.member("executionId", candidate.execution)
      json.member("verdict", candidate.verdict.rawValue)
      json.key("statistics")
      json.array(candidate.differences) { $0.difference($1) }
      json.endObject()
    }
    endObject()
  }

  private mutating func figures(_ requests: ComparedRequests, _ resource: NameID?) {
    let figures = requests.figures(resource) ?? RequestFigures()
    beginObject()
    member("executionId", requests.execution)
    member("count", figures.count)
    if requests.seconds > 0 {
      member("requestsPerSec", Self.shortened(Double(figures.count) / requests.seconds))
    }
    member("errorRate", figures.errorRate.map(Self.shortened))
    for latency in ComparedStatistic.Latency.allCases where latency.of(figures).count > 0 {
      key(latency.definition.name)
      beginObject()
      for statistic in ComparedStatistic.allCases
      where statistic.metric == latency.definition.name {
        member(statistic.name, statistic.value(figures).map(Self.shortened))
      }
      endObject()
    }
    endObject()
  }

  private mutating func difference(_ difference: Difference) {
    beginObject()
    member("metric", difference.statistic.metric)
    member("statistic", difference.statistic.name)
    member("baseline", Self.shortened(difference.baseline))
    member("value", Self.shortened(difference.value))
    member("change", Self.shortened(difference.change))
    member("changePercent", difference.changePercent.map(Self.shortened))
    if let interval = difference.interval {
      key("interval")
      beginObject()
      member("low", Self.shortened(interval.low))
      member("high", Self.shortened(interval.high))
      endObject()
    }
    member("significant", difference.isSignificant)
    member("verdict", difference.verdict.rawValue)
    endObject()
  }

  /// Six decimals, as for all statistics.
  static func shortened(_ value: Double) -> Double {
    let scaled = value * 1_000_000
    return scaled.magnitude < 9e15 ? scaled.rounded() / 1_000_000 : value
  }
}
