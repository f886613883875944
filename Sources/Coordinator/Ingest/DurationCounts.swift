/// How long things took, by classes.
struct DurationCounts: Sendable {
  /// Upper bounds in seconds, ascending.
  let bounds: [Double]
  /// By class, not summed up; one more than bounds.
  private(set) var counts: [Int64]
  private(set) var sum = 0.0

  init(bounds: [Double]) {
    self.bounds = bounds
    counts = [Int64](repeating: 0, count: bounds.count + 1)
  }

  mutating func add(_ seconds: Double) {
    counts[bounds.firstIndex { seconds <= $0 } ?? bounds.count] += 1
    sum += seconds
  }
}
