import Shared
import Synchronization

/// Counts what the HTTP server does. From any thread.
public final class HTTPMetrics: Sendable {
  /// Seconds; what takes longer goes into the last.
  static let bounds = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10]

  struct Answers: Hashable, Sendable {
    var method: String
    /// The pattern, never the path: what clients send must not make series.
    var route: String
    var status: Int
  }

  struct State: Sendable {
    var answers: [Answers: Int64] = [:]
    var durations: [String: DurationCounts] = [:]
  }

  private static let methods: Set<String> = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
  ]

  private let state = Mutex(State())
  private let openConnections = Atomic(0)
  private let openStreams = Atomic(0)

  public init() {}

  func answered(_ method: String, route: String, status: Int, nanos: Int64) {
    let key = Answers(
      method: Self.methods.contains(method) ? method : "other",
      route: route.isEmpty ? "none" : route, status: status)
    state.withLock { state in
      state.answers[key, default: 0] += 1
      state.durations[key.route, default: DurationCounts(bounds: Self.bounds)]
        .add(Double(nanos) / 1e9)
    }
  }

  func connections(_ change: Int) { openConnections.add(change, ordering: .relaxed) }

  /// A live stream begins or ends.
  func streams(_ change: Int) { openStreams.add(change, ordering: .relaxed) }

  var snapshot: (state: State, connections: Int, streams: Int) {
    (
      state.withLock { $0 }, openConnections.load(ordering: .relaxed),
      openStreams.load(ordering: .relaxed)
    )
  }
}
