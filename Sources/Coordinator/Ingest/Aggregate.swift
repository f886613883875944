import Shared

/// What an aggregate is over.
public struct AggregateScope: Sendable, Hashable {
  public var execution: ExecutionID
  /// Nil for all regions.
  public var region: ExecutionRegionID?
  /// Nil for all resources.
  public var resource: NameID?
  /// Milliseconds since the Unix epoch, nil for all intervals.
  public var intervalStartMs: Int64?

  public init(
    execution: ExecutionID, region: ExecutionRegionID? = nil, resource: NameID? = nil,
    intervalStartMs: Int64? = nil
  ) {
    self.execution = execution
    self.region = region
    self.resource = resource
    self.intervalStartMs = intervalStartMs
  }

  /// The same positive number for the same scope, always: FNV-1a over its parts, cut to the 53
  /// bits that a JSON number carries exactly.
  public var id: Int64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for part in [
      execution.rawValue, region?.rawValue ?? -1, resource?.rawValue ?? -1, intervalStartMs ?? -1,
    ] {
      for shift in stride(from: 0, to: 64, by: 8) {
        hash ^= UInt64(bitPattern: part) >> UInt64(shift) & 0xff
        hash = hash &* 0x100_0000_01b3
      }
    }
    return Int64(hash & (1 << 53 - 1)) | 1
  }
}

/// How often a check held.
public struct CheckTotals: Sendable, Equatable {
  public var name: String
  public var passes: Int64
  public var fails: Int64

  public init(name: String, passes: Int64, fails: Int64) {
    self.name = name
    self.passes = passes
    self.fails = fails
  }
}

/// Everything that is known about the results of a scope.
public struct Aggregate: Sendable {
  public var scope: AggregateScope
  /// Sorted by name.
  public var checks: [CheckTotals] = []
  /// The largest sum, over the chunks, of the clients that were active in one interval.
  public var maxConcurrentClients = 0

  var requests = RequestTotals()
  /// Empty when the scope is one resource: iterations and agents belong to none.
  var runs = RunTotals()
  var methods: [(key: String, count: Int64)] = []
  var contentTypes: [(key: String, count: Int64)] = []
  var custom = CustomTotals()

  init(scope: AggregateScope) { self.scope = scope }

  public var id: Int64 { scope.id }

  /// When the first and the latest of its rows were committed, milliseconds since the Unix
  /// epoch; 0 when there is none.
  public var createdAtMs: Int64 {
    let first = min(requests.createdAtMs, runs.createdAtMs, custom.createdAtMs)
    return first == .max ? 0 : first
  }
  public var updatedAtMs: Int64 {
    max(requests.updatedAtMs, runs.updatedAtMs, custom.updatedAtMs)
  }

  /// Request rows.
  public var count: Int64 { requests.count }
  /// Requests that could be made. Others are counted and named, but are no load.
  public var sent: Int64 { count - unsent }
  var unsent: Int64 { requests.errors.count(of: Int64(ErrorReason.invalidRequest.rawValue)) }
  public var successes: Int64 { requests.successes }
  public var failures: Int64 { requests.count - requests.successes }
  /// Failures of requests that could be made.
  public var sentFailures: Int64 { failures - unsent }
  public var bytesSent: Int64 { requests.bytesSent }
  public var bytesReceived: Int64 { requests.bytesReceived }

  /// Iterations that ended, 0 when the scope is one resource.
  public var iterations: Int64 { runs.iterations }
  /// Those of them in which the script failed.
  public var failedIterations: Int64 { runs.failedIterations }
  /// Iterations that an arrival rate asked for and that no client was free to run.
  public var droppedIterations: Int64 { runs.droppedIterations }

  // Distributions in microseconds.
  public var dnsLookup: LatencyHistogram { requests.dnsLookup }
  public var connectionOpen: LatencyHistogram { requests.connectionOpen }
  public var tlsHandshake: LatencyHistogram { requests.tlsHandshake }
  public var firstReceived: LatencyHistogram { requests.firstReceived }
  public var connectionClose: LatencyHistogram { requests.connectionClose }
  public var iterationDuration: LatencyHistogram { runs.iterationDuration }
  /// Of iterations that an arrival rate asked for, from when they were to begin.
  public var intendedDuration: LatencyHistogram { runs.intendedDuration }
  public var tickLatency: LatencyHistogram { runs.tickLatency }
}
