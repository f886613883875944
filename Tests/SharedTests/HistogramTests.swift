import XCTest

@testable import Shared

final class HistogramTests: XCTestCase {
  func test_smallValues_areExact() {
    var histogram = LatencyHistogram()
    for value in Int64(0)..<256 { histogram.record(value) }
    for rank in 0..<256 {
      XCTAssertEqual(histogram.percentile(Double(rank) / 255), Double(rank), accuracy: 1e-9)
    }
  }

  func test_everyBucketsMiddle_isWithinTheRelativeErrorOfItsValues() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<200_000 {
      let value = Int64.random(
        in: 0...(1 << Int64.random(in: 1...42, using: &random)), using: &random)
      let middle = LatencyHistogram.representative(of: LatencyHistogram.bucket(of: value))
      XCTAssertLessThanOrEqual(abs(middle - Double(value)), Double(value) / 256)
    }
  }

  func test_buckets_areContiguousAndAscend() {
    var before = -1
    for value in Int64(0)..<70_000 {
      let bucket = LatencyHistogram.bucket(of: value)
      XCTAssertTrue(bucket == before || bucket == before + 1, "at \(value)")
      before = bucket
    }
  }

  func test_percentiles_areWithinHalfAPercentOfTheValuesOwn() {
    var random = SeededGenerator(seed: 2)
    for size in [1, 2, 3, 10, 101, 5_000] {
      for spread in [100.0, 3_000, 1e6, 1e9] {
        var histogram = LatencyHistogram()
        let values = (0..<size).map { _ in
          Int64(exp(Double.random(in: 0...log(spread), using: &random)))
        }
        for value in values { histogram.record(value) }
        for fraction in [0, 0.5, 0.9, 0.95, 0.99, 0.999, 1] {
          let truth = Self.percentile(values.sorted(), fraction)
          XCTAssertEqual(
            histogram.percentile(fraction), truth, accuracy: truth * 0.005,
            "p\(fraction) of \(size) values up to \(spread)")
        }
      }
    }
  }

  func test_countSumBoundsAndVariance_areExact() {
    var histogram = LatencyHistogram()
    let values: [Int64] = [1_000_003, 1_000_001, 1_000_007, 999_999]
    for value in values { histogram.record(value) }
    XCTAssertEqual(histogram.count, 4)
    XCTAssertEqual(histogram.sum, 4_000_010)
    XCTAssertEqual(histogram.min, 999_999)
    XCTAssertEqual(histogram.max, 1_000_007)
    XCTAssertEqual(histogram.mean, 1_000_002.5)
    XCTAssertEqual(histogram.variance, 8.75)
    XCTAssertEqual(histogram.standardDeviation, 8.75.squareRoot())
  }

  func test_merging_equalsRecordingEverythingInOne() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<50 {
      var whole = LatencyHistogram()
      var merged = LatencyHistogram()
      for _ in 0..<4 {
        var part = LatencyHistogram()
        for _ in 0..<Int.random(in: 0...40, using: &random) {
          let value = Int64.random(
            in: 0...(1 << Int64.random(in: 0...40, using: &random)), using: &random)
          part.record(value)
          whole.record(value)
        }
        merged.merge(part)
      }
      XCTAssertEqual(merged, whole)
    }
  }

  func test_fewValues_areExact_howeverTheyCameTogether() throws {
    var random = SeededGenerator(seed: 6)
    for size in [1, 5, 11, 60, LatencyHistogram.exactCountMax] {
      let values = (0..<size).map { _ in Int64.random(in: 0...(1 << 40), using: &random) }
      var merged = LatencyHistogram()
      for value in values {
        var part = LatencyHistogram()
        part.record(value)
        var writer = VarIntWriter()
        part.encode(to: &writer)
        var reader = VarIntReader(writer.bytes)
        merged.merge(try LatencyHistogram(from: &reader))
      }
      for fraction in [0, 0.25, 0.5, 0.95, 1] {
        let truth = Self.percentile(values.sorted(), fraction)
        XCTAssertEqual(
          merged.percentile(fraction), truth, accuracy: truth * 1e-12,
          "p\(fraction) of \(size) values")
      }
      let whole = merged
      merged.record(7)
      merged.merge(whole)
      XCTAssertEqual(merged.count, Int64(2 * size + 1))
      XCTAssertEqual(merged.max, values.max())
    }
    var same = LatencyHistogram()
    for _ in 0..<10_000 { same.record(5_000) }
    XCTAssertEqual(same.percentiles([0, 0.5, 0.99, 1]), [5_000, 5_000, 5_000, 5_000])
  }

  /// What was stored before values were kept.
  func test_buckets_areReadAsBefore() throws {
    var writer = VarIntWriter()
    for number: UInt64 in [1, 300, 301] { writer.unsigned(number) }
    writer.wide(601)
    writer.wide(180_601)
    writer.unsigned(UInt64(LatencyHistogram.bucket(of: 300)))
    writer.unsigned(2)
    var reader = VarIntReader(writer.bytes)
    let histogram = try LatencyHistogram(from: &reader)
    XCTAssertEqual(histogram.percentiles([0, 1]), [300, 301])
    XCTAssertEqual(histogram.count, 2)
  }

  func test_emptyHistogram_hasOnlyZeros() {
    let histogram = LatencyHistogram()
    XCTAssertEqual(histogram.percentile(0.99), 0)
    XCTAssertEqual(histogram.mean, 0)
    XCTAssertEqual(histogram.variance, 0)
  }

  func test_absurdValues_areClampedAndOverflowNothing() {
    var histogram = LatencyHistogram()
    for _ in 0..<1_000 { histogram.record(.max) }
    histogram.record(.min)
    XCTAssertEqual(histogram.min, 0)
    XCTAssertEqual(histogram.max, LatencyHistogram.valueMax)
    XCTAssertEqual(histogram.count, 1_001)
    XCTAssertTrue(histogram.variance.isFinite)
  }

  func test_encoding_roundTrips() throws {
    var random = SeededGenerator(seed: 4)
    for size in [0, 1, 7, 1_000] {
      var histogram = LatencyHistogram()
      for _ in 0..<size {
        histogram.record(
          Int64.random(in: 0...(1 << Int64.random(in: 0...42, using: &random)), using: &random))
      }
      var writer = VarIntWriter()
      histogram.encode(to: &writer)
      var reader = VarIntReader(writer.bytes)
      XCTAssertEqual(try LatencyHistogram(from: &reader), histogram)
      XCTAssertTrue(reader.isAtEnd)
    }
  }

  func test_decodingRandomBytes_neverTraps() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      var reader = VarIntReader(bytes)
      if let histogram = try? LatencyHistogram(from: &reader) {
        XCTAssertLessThanOrEqual(histogram.min, histogram.max)
      }
    }
  }

  /// Linear interpolation between the closest ranks of sorted values.
  private static func percentile(_ sorted: [Int64], _ fraction: Double) -> Double {
    let position = fraction * Double(sorted.count - 1)
    let lower = Int(position)
    let upper = min(lower + 1, sorted.count - 1)
    let low = Double(sorted[lower])
    return low + (Double(sorted[upper]) - low) * (position - Double(lower))
  }
}
