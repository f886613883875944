import Shared

extension ReportBuilder {
  /// Every metric as the API gives it.
  var allFigures: [ReportBlock] {
    var distributions: [[ReportTable.Cell]] = []
    var counters: [[ReportTable.Cell]] = []
    let metrics = overall.metrics()
    for metric in metrics.prefix(Self.metricsMax) {
      let definition = metric.definition
      var name = definition.name
      if definition.namespace != MetricDefinition.systemNamespace {
        name = "\(definition.namespace): \(name)"
      }
      if let units = definition.units { name += " (\(units))" }
      switch metric.content {
      case .counter(let value):
        counters.append([.init(name), .init(ReportText.exact(value))])
      case .keys(let counts):
        let shown = counts.prefix(Self.keysMax).map { "\($0.key): \($0.count)" }
        let rest = counts.count - shown.count
        counters.append([
          .init(name), .init(shown.joined(separator: ", ") + (rest > 0 ? ", \(rest) more" : "")),
        ])
      case .distribution(let values):
        distributions.append(
          [.init(name), .count(values.count)]
            + [
              values.mean, values.min, values.p50, values.p90, values.p95, values.p99, values.max,
            ].map { .init(ReportText.figure($0)) })
      }
    }
    guard overall.count > 0 || !distributions.isEmpty else { return [] }
    return [
      .heading("All figures"),
      .table(
        ReportTable(
          columns: [.text("Metric"), .number("Count")]
            + ["Mean", "Min", "p50", "p90", "p95", "p99", "Max"].map { .number($0) },
          rows: distributions)),
      .table(
        ReportTable(
          columns: [.label("Metric"), .text("Value", lines: 3)], rows: counters,
          note: Self.leftOut(metrics.count - Self.metricsMax, "metric"))),
    ]
  }

  private static let metricsMax = 100
  private static let keysMax = 12

  var environment: [ReportBlock] {
    let execution = source.execution
    var facts: [ReportFact] = [
      .init(
        name: "Execution",
        value: "\(execution.id), of test configuration \(execution.configuration)"),
      .init(name: "Created", value: zone.dateTime(execution.createdAtMs)),
      .init(
        name: "Script",
        value: "\(source.script) (\(execution.scriptPayload.kind.rawValue), id \(execution.script))"
      ),
      .init(name: "Load", value: load),
      .init(name: "Start", value: start),
      .init(name: "Requests", value: http),
      .init(name: "Tracing", value: tracing),
    ]
    if execution.scriptParams != "{}", !execution.scriptParams.isEmpty {
      facts.append(
        .init(
          name: "Parameters",
          value: execution.tracing.masked(params: execution.scriptParams)))
    }
    facts.append(.init(name: "Regions", value: regionNames))
    facts.append(.init(name: "Agents", value: agentNames))
    facts.append(.init(name: "Coordinator", value: "Throng \(throngVersion)"))
    return [.heading("Environment"), .facts(facts)]
  }

  private var regionNames: String {
    source.regions.map {
      "\($0.title): \(ReportText.counted($0.record.concurrentClients, "client"))"
    }.joined(separator: ", ")
  }

  private var agentNames: String {
    let agents = source.regions.flatMap { region in
      region.agents.map { "\($0.name) (\(region.name), version \($0.version))" }
    }
    guard !agents.isEmpty else { return "none yet" }
    let shown = agents.prefix(20)
    return shown.joined(separator: ", ")
      + (agents.count > shown.count ? " and \(agents.count - shown.count) more" : "")
  }

  private var load: String {
    let execution = source.execution
    let goal = execution.goal
    let clients = ReportText.counted(execution.concurrentClients, "client")
    var parts: [String]
    switch goal.model {
    case .closed:
      parts = ["\(clients), one iteration after the other"]
      if let iterations = goal.iterations {
        parts.append("\(ReportText.counted(iterations, "iteration")) each")
      }
    case .sharedIterations(let total):
      parts = [clients, "\(ReportText.counted(total, "iteration")) of all together"]
    case .rampingClients(let curve, _):
      parts = [
        "up to \(clients)", "from \(ReportText.number(curve.start)) through \(stages(curve))",
      ]
    case .arrivalRate(let curve):
      parts = [
        "iterations at a rate per second, from \(ReportText.number(curve.start)) through "
          + stages(curve), "at most \(clients)",
      ]
    }
    if let seconds = goal.endSecs {
      parts.append("for \(ReportText.duration(seconds: seconds))")
    }
    if execution.iterationSleepSecs > 0 {
      parts.append(
        "\(ReportText.duration(seconds: execution.iterationSleepSecs)) of sleep after each")
    }
    return parts.joined(separator: ", ")
  }

  private func stages(_ curve: LoadCurve) -> String {
    let shown = curve.stages.prefix(8).map {
      "\(ReportText.number($0.target)) in \(ReportText.duration(seconds: $0.durationSecs))"
    }
    let rest = curve.stages.count - shown.count
    return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more stages" : "")
  }

  private var start: String {
    let execution = source.execution
    var parts = [execution.manualStart ? "by hand" : "at once"]
    if execution.rampupSecs > 0 {
      parts.append("clients spread over \(ReportText.duration(seconds: execution.rampupSecs))")
    }
    if execution.goal.startDelaySecs > 0 {
      parts.append("after \(ReportText.duration(seconds: execution.goal.startDelaySecs))")
    }
    return parts.joined(separator: ", ")
  }

  private var http: String {
    let settings = source.execution.http
    var parts = [
      "HTTP version \(settings.version.rawValue)",
      "timeout \(ReportText.duration(seconds: Double(settings.requestTimeoutMs) / 1_000))",
      settings.reusesConnections ? "connections reused" : "a new connection for each",
      "at most \(ReportText.counted(settings.redirectsMax, "redirect"))",
    ]
    if !settings.verifyTLS { parts.append("certificates not verified") }
    return parts.joined(separator: ", ")
  }

  private var tracing: String {
    switch source.execution.tracing.sampling {
    case .off: "off"
    case .all: "all requests"
    case .sampled(let perMinute): "at least \(perMinute) per resource, outcome and minute"
    }
  }
}
