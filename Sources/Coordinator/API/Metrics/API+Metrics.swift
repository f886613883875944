import Shared

/// Figures about the coordinator itself, for Prometheus.
extension API {
  static func addMetrics(to router: inout Router<Handler>) {
    router.add("GET", pattern: "metrics") { try $0.metrics($1) }
  }

  func metrics(_ context: RouteContext) throws -> HTTPResponse {
    try context.rejectParameters()
    var text = Exposition(Exposition.Format(accept: context.request.header("Accept")))
    text.info(
      "throng_build_info", "The version that runs.", [(name: "version", value: throngVersion)])
    text.agents(try control.agents())
    text.executions(try control.load(), all: try store.read { try ExecutionStore.count(in: $0) })
    text.ingest(ingester.figures)
    text.store(try store.usage())
    text.http(http.snapshot)
    text.process(ProcessStatistics())
    return HTTPResponse(
      status: 200, headers: [(name: "Content-Type", value: text.format.contentType)],
      body: .bytes(text.bytes))
  }
}

extension Exposition {
  fileprivate mutating func agents(_ agents: [AgentStatus]) {
    let regions = Set(agents.map(\.record.region)).sorted()
    let states: [AgentStatus.State] = [.connected, .draining, .disconnected]
    gauges(
      "throng_agents", "Agents that have ever joined, by region and state.",
      regions.flatMap { region in
        states.map { state in
          (
            [(name: "region", value: region), (name: "state", value: state.rawValue)],
            Double(agents.count { $0.record.region == region && $0.state == state })
          )
        }
      })
    let present = agents.filter { $0.state != .disconnected }
    let sum = { (figure: (AgentStatus) -> Int) in
      regions.map { region -> (Labels, Double) in
        let all = present.filter { $0.record.region == region }
        return (
          [(name: "region", value: region)], Double(all.reduce(0) { $0 + figure($1) })
        )
      }
    }
    gauges(
      "throng_agents_capacity_clients", "Clients that agents with a link have room for.",
      sum(\.record.capacity))
    gauges(
      "throng_agents_clients", "Clients of the chunks that agents with a link hold.",
      sum(\.clients))
  }

  fileprivate mutating func executions(_ load: ControlLoad, all: Int) {
    let completed = max(0, all - load.phases.values.reduce(0, +))
    gauges(
      "throng_executions", "Executions by where they are in their life.",
      ExecutionPhase.allCases.map { phase in
        let count = phase == .completed ? completed : load.phases[phase] ?? 0
        return ([(name: "phase", value: "\(phase)")], Double(count))
      })
    gauges(
      "throng_leases", "Chunks that are leased to agents: their clients run, or wait to begin.",
      [
        ([(name: "state", value: "running")], Double(load.leasesRunning)),
        ([(name: "state", value: "waiting")], Double(load.leasesWaiting)),
      ])
  }

  fileprivate mutating func ingest(_ figures: IngestFigures) {
    counter(
      "throng_ingest_batches_total", "Batches that were committed.", Double(figures.batches))
    counter(
      "throng_ingest_results_total", "Results, one per request, that were committed.",
      Double(figures.results))
    counter(
      "throng_ingest_bytes_total", "Bytes of the lines with batches that came in.",
      Double(figures.bytes))
    counter(
      "throng_ingest_duplicates_total", "Batches that had been committed and came again.",
      Double(figures.duplicates))
    counters(
      "throng_ingest_rejected_total", "Batches that were not taken, by reason.",
      NackCode.allCases.map { code in
        ([(name: "reason", value: code.rawValue)], Double(figures.rejected[code] ?? 0))
      })
    counter(
      "throng_ingest_commit_failures_total", "Commits that the store did not take.",
      Double(figures.failures))
    gauge("throng_ingest_queue_batches", "Batches that wait.", Double(figures.queuedBatches))
    gauge("throng_ingest_queue_bytes", "Bytes of batches that wait.", Double(figures.queuedBytes))
    histograms(
      "throng_ingest_commit_seconds", "How long commits of batches took.",
      [([], figures.commits)])
  }

  fileprivate mutating func store(_ usage: StoreUsage) {
    gauge("throng_store_database_bytes", "Size of the database.", Double(usage.databaseBytes))
    gauge("throng_store_wal_bytes", "Size of its write-ahead log.", Double(usage.walBytes))
    gauge(
      "throng_store_free_bytes", "Disk space that is free for the store.",
      Double(usage.freeBytes))
    counter(
      "throng_store_results_total", "Results that were ever stored, deleted ones included.",
      Double(usage.results))
  }

  fileprivate mutating func http(
    _ snapshot: (state: HTTPMetrics.State, connections: Int, streams: Int)
  ) {
    let answers = snapshot.state.answers.sorted {
      ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status)
    }
    counters(
      "throng_http_requests_total", "Requests by method, route and status.",
      answers.map { key, count in
        (
          [
            (name: "method", value: key.method), (name: "route", value: key.route),
            (name: "status", value: String(key.status)),
          ], Double(count)
        )
      })
    histograms(
      "throng_http_request_duration_seconds",
      "How long it took from the end of a request to the beginning of its answer.",
      snapshot.state.durations.sorted { $0.key < $1.key }.map { route, durations in
        ([(name: "route", value: route)], durations)
      })
    gauge("throng_http_connections", "Open connections.", Double(snapshot.connections))
    gauge("throng_http_streams", "Open streams of events.", Double(snapshot.streams))
  }

  fileprivate mutating func process(_ process: ProcessStatistics) {
    counter(
      "throng_process_cpu_seconds_total", "Processor time of the coordinator.",
      process.cpuSeconds)
    gauge(
      "throng_process_resident_memory_bytes", "Resident memory.", Double(process.residentBytes))
    gauge("throng_process_open_fds", "Open file descriptors.", Double(process.openFiles))
    gauge(
      "throng_process_max_fds", "File descriptors that may be open.", Double(process.filesMax))
    gauge(
      "throng_process_start_time_seconds", "When it started, in seconds since the Unix epoch.",
      process.startedAtSecs)
  }
}
