import XCTest

@testable import Coordinator

/// Expected numbers are SciPy 1.17's: `scipy.stats.norm.isf` and `scipy.stats.t.isf`.
final class QuantileTests: XCTestCase {
  func test_normal() {
    for (tail, expected) in [
      (0.025, 1.9599639845400545), (0.005, 2.575829303548901), (1e-9, 5.9978070150076865),
      (0.05 / 2 / 189, 3.6477466901863016),
    ] {
      XCTAssertEqual(Quantile.normal(upperTail: tail), expected, accuracy: 1e-12)
    }
  }

  func test_student() {
    for (tail, degrees, expected) in [
      (0.025, 1, 12.706204736174705), (0.025, 4.5, 2.658912347204404),
      (0.005, 30, 2.749995653567226), (1e-5, 12.25, 6.693641950408891),
      (0.025, 200, 1.9718962236339093), (0.025, 250.5, 1.9694792720516765),
      (1e-5, 1_000, 4.285437682652958),
    ] {
      XCTAssertEqual(
        Quantile.student(upperTail: tail, degrees: degrees), expected, accuracy: 1e-7,
        "tail \(tail), \(degrees) degrees")
    }
  }

  func test_student_isSteadyWhereItsFormulaChanges() {
    for tail in [0.25, 0.025, 1e-4, 1e-8] {
      XCTAssertEqual(
        Quantile.student(upperTail: tail, degrees: 199.999_999),
        Quantile.student(upperTail: tail, degrees: 200), accuracy: 1e-5)
    }
  }
}
