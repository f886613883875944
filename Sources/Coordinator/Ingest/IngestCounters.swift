import Shared
import Synchronization

/// Counts what the ingester does, for those who look after the coordinator.
final class IngestCounters: Sendable {
  /// Seconds.
  static let commitBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

  let batches = Atomic<Int64>(0)
  let results = Atomic<Int64>(0)
  let bytes = Atomic<Int64>(0)
  let duplicates = Atomic<Int64>(0)
  let failures = Atomic<Int64>(0)
  private let rejected = Mutex<[NackCode: Int64]>([:])
  private let commits = Mutex(DurationCounts(bounds: commitBounds))

  func reject(_ code: NackCode) { rejected.withLock { $0[code, default: 0] += 1 } }

  /// A commit took this long.
  func commit(nanos: Int64) { commits.withLock { $0.add(Double(nanos) / 1e9) } }

  fileprivate var figures: IngestFigures {
    IngestFigures(
      batches: batches.load(ordering: .relaxed), results: results.load(ordering: .relaxed),
      bytes: bytes.load(ordering: .relaxed), duplicates: duplicates.load(ordering: .relaxed),
      failures: failures.load(ordering: .relaxed), rejected: rejected.withLock { $0 },
      commits: commits.withLock { $0 })
  }
}

/// What the ingester has done since it was made, and what waits for it.
struct IngestFigures: Sendable {
  var batches: Int64
  var results: Int64
  var bytes: Int64
  var duplicates: Int64
  var failures: Int64
  var rejected: [NackCode: Int64]
  var commits: DurationCounts
  var queuedBatches = 0
  var queuedBytes = 0
}

extension Ingester {
  var figures: IngestFigures {
    var figures = counters.figures
    (figures.queuedBatches, figures.queuedBytes) = queue.depth
    return figures
  }
}
