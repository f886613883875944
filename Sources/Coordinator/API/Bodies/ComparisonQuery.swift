import Shared

/// Which executions are to be compared, and when a difference counts.
struct ComparisonQuery {
  /// The baseline first.
  private(set) var ids: [ExecutionID] = []
  private(set) var settings = ExecutionComparison.Settings()

  /// Executions of one comparison, the baseline among them.
  static let executionsMax = 10

  init(_ query: inout QueryReader) {
    settings.confidence = query.double("confidence", in: 0.5...0.999_999) ?? settings.confidence
    settings.minChangePercent =
      query.double("minChangePercent", in: 0...1_000) ?? settings.minChangePercent
    guard let text = query.string("ids") else {
      if !query.has("ids") { query.fail("ids", "is required") }
      return
    }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part -> Int64? in
      part.utf8.allSatisfy { $0 >= 48 && $0 <= 57 } ? Int64(part) : nil
    }
    if numbers.count < parts.count {
      query.fail("ids", "must be ids of executions, separated by commas")
    } else if !(2...Self.executionsMax).contains(numbers.count) {
      query.fail("ids", "must name 2 to \(Self.executionsMax) executions")
    } else if Set(numbers).count < numbers.count {
      query.fail("ids", "must name no execution twice")
    }
    ids = numbers.map { ExecutionID($0) }
  }
}

extension QueryReader {
  /// A decimal number within a range; nil when it is not given, or is wrong, which is reported.
  mutating func double(_ name: String, in range: ClosedRange<Double>) -> Double? {
    guard let text = string(name) else { return nil }
    guard let value = Double(text), range.contains(value) else {
      fail(name, "must be a number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return value
  }
}
