import Shared

/// What the results of an execution come to at one moment, as far as its limits look at it.
/// Pure, and independent of the aggregator that it was read from: merging is the costly part, and
/// happens once per scope, however many limits look at it.
struct LimitReadings: Sendable {
  /// What a limit is over.
  struct Scope: Hashable, Sendable {
    var region: String?
    var resource: String?

    init(region: String? = nil, resource: String? = nil) {
      self.region = region
      self.resource = resource
    }

    init(_ limit: TestLimit) { self.init(region: limit.region, resource: limit.resource) }
  }

  private var aggregates: [Scope: Aggregate] = [:]
  /// Clients that are active now.
  private var clients: [Scope: Int] = [:]

  /// Nothing was measured.
  init() {}

  /// - Parameters:
  ///   - limits: all that will be asked for.
  ///   - regions: the execution's regions by their names.
  init(
    _ aggregator: IntervalAggregator, for limits: [TestLimit],
    regions: [String: ExecutionRegionID]
  ) {
    let scopes = Set(limits.map(Scope.init))
    let resources = Self.resources(of: scopes, aggregator)
    let needsClients = limits.contains { $0.metric == LimitMetric.clients }
    for scope in scopes {
      var region: ExecutionRegionID?
      var resource: NameID?
      if let name = scope.region {
        guard let id = regions[name] else { continue }
        region = id
      }
      if let name = scope.resource {
        // What was not requested yet has no name.
        guard let id = resources[name] else { continue }
        resource = id
      }
      aggregates[scope] = aggregator.merged(region: region, resource: resource)
      guard needsClients, resource == nil else { continue }
      clients[scope] = aggregator.activeClients(region: region)
    }
  }

  private static func resources(
    of scopes: Set<Scope>, _ aggregator: IntervalAggregator
  ) -> [String: NameID] {
    let wanted = Set(scopes.compactMap(\.resource))
    guard !wanted.isEmpty else { return [:] }
    var found: [String: NameID] = [:]
    for id in aggregator.resources() {
      if let text = aggregator.text(of: id), wanted.contains(text) { found[text] = id }
    }
    return found
  }

  /// What the metric of a limit has come to; nil when nothing of it was recorded.
  func reading(_ limit: TestLimit) -> MetricReading? {
    let scope = Scope(limit)
    guard let aggregate = aggregates[scope] else { return nil }
    guard limit.namespace == MetricDefinition.systemNamespace else {
      return aggregate.userReading(limit.metric, namespace: limit.namespace)
    }
    if limit.metric == LimitMetric.clients {
      return .level(
        value: Double(clients[scope] ?? 0), min: 0, max: Double(aggregate.maxConcurrentClients))
    }
    return aggregate.systemReading(limit.metric)
  }
}

extension Aggregate {
  /// A metric of the system, or what limits know beside them.
  func systemReading(_ name: String) -> MetricReading? {
    switch name {
    case LimitMetric.results: .counter(Double(sent))
    case LimitMetric.iterations: .counter(Double(iterations))
    case LimitMetric.failedIterations: .sharedCounter(failedIterations, of: iterations)
    case LimitMetric.checks:
      .share(
        yes: checks.reduce(Int64(0)) { $0.plus($1.passes) },
        no: checks.reduce(Int64(0)) { $0.plus($1.fails) })
    // Of what was sent, as the summary has it.
    case MetricDefinition.success.name: .sharedCounter(successes, of: sent)
    case MetricDefinition.failure.name: .sharedCounter(sentFailures, of: sent)
    case MetricDefinition.dnsLookupMs.name: timing(dnsLookup)
    case MetricDefinition.connectionOpenMs.name: timing(connectionOpen)
    case MetricDefinition.tlsHandshakeMs.name: timing(tlsHandshake)
    case MetricDefinition.firstReceivedMs.name: timing(firstReceived)
    case MetricDefinition.connectionCloseMs.name: timing(connectionClose)
    case MetricDefinition.iterationDurationMs.name: timing(iterationDuration)
    case MetricDefinition.tickLatencyMs.name: timing(tickLatency)
    default: otherReading(name)
    }
  }

  /// Metrics of which the aggregate itself tells all that there is.
  private func otherReading(_ name: String) -> MetricReading? {
    guard let definition = MetricDefinition.all.first(where: { $0.name == name }) else {
      return nil
    }
    return metric(definition).map(MetricReading.init)
  }

  /// What a script has recorded under this name.
  func userReading(_ name: String, namespace: String) -> MetricReading? {
    metrics().first { $0.definition.namespace == namespace && $0.definition.name == name }
      .map(MetricReading.init)
  }

  private func timing(_ histogram: LatencyHistogram) -> MetricReading {
    .distribution(MetricReading.Values(histogram, scale: 1_000))
  }
}

extension MetricReading {
  /// Of a metric as answers show it.
  init(_ metric: MetricValue) {
    switch metric.content {
    case .counter(let value): self = .counter(Double(value))
    case .keys(let counts): self = Self.keys(counts)
    case .distribution(let distribution): self = .distribution(Values(distribution))
    }
  }

  /// A histogram of nothing but `true` and `false` is a share.
  private static func keys(_ counts: [(key: String, count: Int64)]) -> MetricReading {
    var (yes, no, others): (Int64, Int64, Int64) = (0, 0, 0)
    for entry in counts {
      switch entry.key {
      case "true": yes = yes.plus(entry.count)
      case "false": no = no.plus(entry.count)
      default: others = others.plus(entry.count)
      }
    }
    return others == 0 ? .share(yes: yes, no: no) : .keys(total: yes.plus(no).plus(others))
  }
}
