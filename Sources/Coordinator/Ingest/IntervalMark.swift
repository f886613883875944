/// When an interval changed last. Marks are in the order of the changes.
public struct IntervalMark: Hashable, Comparable, Sendable {
  /// When its latest results were committed, milliseconds since the Unix epoch.
  public var updatedAtMs: Int64
  /// Its start, milliseconds since the Unix epoch.
  public var startMs: Int64

  public init(updatedAtMs: Int64, startMs: Int64) {
    self.updatedAtMs = updatedAtMs
    self.startMs = startMs
  }

  public static func < (a: Self, b: Self) -> Bool {
    (a.updatedAtMs, a.startMs) < (b.updatedAtMs, b.startMs)
  }
}

extension IntervalAggregator {
  /// Of every interval that holds something, ascending: the latest changes last.
  public var marks: [IntervalMark] {
    touchedAtMs.map { IntervalMark(updatedAtMs: $1, startMs: $0) }.sorted()
  }

  /// Whether the interval has not changed since.
  public func isCurrent(_ mark: IntervalMark) -> Bool {
    touchedAtMs[mark.startMs] == mark.updatedAtMs
  }
}
