import Shared

/// What a chart shows, without a thought of how it is drawn.
struct ReportChart: Sendable, Equatable {
  enum Style: Sendable, Equatable {
    /// One series, filled below.
    case area
    /// A line per series.
    case lines
    /// One series on top of the other.
    case stack
    /// One series that stays until it changes.
    case steps
  }

  struct Series: Sendable, Equatable {
    var name: String
    /// A value for each bucket of the timeline; nil where nothing was measured.
    var values: [Double?]
    var ink: Ink
  }

  var title: String
  /// Units and whatever else must be known to read it.
  var caption: String
  var style: Style
  var timeline: ReportTimeline
  var series: [Series]
  /// Whether values are whole numbers.
  var isCount = false
  /// Said in place of a chart that would be empty.
  var emptyText = "Nothing was measured."

  var isEmpty: Bool { !series.contains { $0.values.contains { $0 != nil } } }

  /// The largest value, of sums where series are stacked.
  var maximum: Double {
    guard style == .stack else {
      return series.reduce(0) { $1.values.reduce($0) { max($0, $1 ?? 0) } }
    }
    return (0..<timeline.count).reduce(0) { most, index in
      max(most, series.reduce(0) { $0 + ($1.values[index] ?? 0) })
    }
  }
}

/// The time that charts are over, in buckets of equal length that are whole intervals.
struct ReportTimeline: Sendable, Equatable {
  /// The time zone that its times are shown in.
  var zone: ReportZone
  /// Milliseconds since the Unix epoch.
  var startMs: Int64
  var bucketMs: Int64
  var count: Int

  var endMs: Int64 { startMs + bucketMs * Int64(count) }

  /// - Parameters:
  ///   - intervals: starts of the intervals with results, ascending.
  ///   - intervalMs: their length.
  ///   - bucketsMax: more would stand closer than a point of a page can show.
  ///   - every: how many intervals there are for one that is looked at; each bucket has as many
  ///     of these as the others.
  init(intervals: [Int64], intervalMs: Int64, bucketsMax: Int, every: Int64 = 1, zone: ReportZone) {
    self.zone = zone
    startMs = intervals.first ?? 0
    guard let last = intervals.last else {
      (bucketMs, count) = (intervalMs, 0)
      return
    }
    let (span, overflow) = last.subtractingReportingOverflow(startMs)
    let length = overflow ? Int64.max / 2 / intervalMs : span / intervalMs + 1
    let least = (length - 1) / Int64(bucketsMax) + 1
    let perBucket = ((least - 1) / every + 1) * every
    bucketMs = perBucket * intervalMs
    count = Int((length - 1) / perBucket + 1)
  }

  /// Whether an interval is one of those that are looked at.
  func takes(_ intervalMs: Int64, every: Int64) -> Bool {
    ((intervalMs &- startMs) / Limits.intervalMs).remainder(every) == 0
  }

  /// The bucket that an interval belongs to.
  func index(of intervalMs: Int64) -> Int? {
    let (distance, overflow) = intervalMs.subtractingReportingOverflow(startMs)
    guard !overflow, distance >= 0, distance / bucketMs < Int64(count) else { return nil }
    return Int(distance / bucketMs)
  }

  /// Seconds of a bucket that lie between two times, above 0: what happened in it is divided by
  /// these, because a test begins and ends within buckets.
  func seconds(of index: Int, from beganMs: Int64, to endedMs: Int64) -> Double {
    let start = startMs + Int64(index) * bucketMs
    let overlap = min(start + bucketMs, endedMs) - max(start, beganMs)
    // Requests outside of the test's own times come from clocks that differ a little.
    return Double(overlap < 1_000 ? min(bucketMs, 1_000) : overlap) / 1_000
  }
}
