import Shared
import XCTest

@testable import Agent

final class ClientWindowsTests: XCTestCase {
  private let second: Int64 = 1_000_000_000

  private func windows(_ start: Double, _ stages: (Double, Double)...) -> ClientWindows {
    ClientWindows(
      LoadCurve(start: start, stages: stages.map { LoadStage(durationSecs: $0.0, target: $0.1) }))
  }

  func test_clientsComeAndGoInTheOrderOfTheirPlaces() {
    let windows = windows(0, (10, 5), (10, 5), (10, 0))
    for place in 0..<5 {
      let comes = Int64(place + 1) * 2 * second
      let goes = (30 - Int64(place) * 2) * second
      XCTAssertEqual(windows.state(place: place, at: -1), .init(runs: false, until: comes))
      XCTAssertEqual(windows.state(place: place, at: comes - 1), .init(runs: false, until: comes))
      XCTAssertEqual(windows.state(place: place, at: comes), .init(runs: true, until: goes))
      XCTAssertEqual(windows.state(place: place, at: goes), .init(runs: false, until: .max))
    }
    XCTAssertEqual(windows.state(place: 5, at: 0), .init(runs: false, until: .max))
  }

  func test_clientsOfTheStart_runAtOnce_andComeBack() {
    let windows = windows(3, (0, 1), (10, 1), (0, 2), (10, 2))
    XCTAssertEqual(windows.state(place: 0, at: 0), .init(runs: true, until: 20 * second))
    XCTAssertEqual(windows.state(place: 1, at: 0), .init(runs: false, until: 10 * second))
    XCTAssertEqual(
      windows.state(place: 1, at: 10 * second), .init(runs: true, until: 20 * second))
    XCTAssertEqual(windows.state(place: 2, at: -5), .init(runs: false, until: .max))
  }

  /// The steps that k6 plans for `stages` of 2 s to 4, 1 s of 4 and 2 s to 0, begun with one.
  func test_stepsAreThoseOfK6() {
    let windows = windows(1, (2, 4), (1, 4), (2, 0))
    let steps: [(comes: Int64, goes: Int64)] = [
      (0, 5_000_000_000), (666_666_667, 4_500_000_000), (1_333_333_334, 4_000_000_000),
      (2_000_000_000, 3_500_000_000),
    ]
    for (place, step) in steps.enumerated() {
      let before = windows.state(place: place, at: -1)
      XCTAssertFalse(before.runs)
      XCTAssertEqual(Double(before.until), Double(step.comes), accuracy: 2)
      let during = windows.state(place: place, at: before.until)
      XCTAssertEqual(during, .init(runs: true, until: step.goes))
      XCTAssertEqual(windows.state(place: place, at: step.goes).runs, false)
    }
    XCTAssertEqual(windows.state(place: 4, at: -1), .init(runs: false, until: .max))
  }

  func test_asManyRunAsTheCurveSays() {
    var random = LoadRandom(seed: 2)
    for _ in 0..<150 {
      let curve = random.curve(upTo: 12)
      let windows = ClientWindows(curve)
      for _ in 0..<40 {
        let seconds = Double.random(in: 0...(curve.durationSecs + 1), using: &random)
        let value = seconds < curve.durationSecs ? curve.value(at: seconds) : 0
        let nanos = Int64(seconds * 1e9)
        let running = (0..<15).count { windows.state(place: $0, at: nanos).runs }
        // A rising curve has not reached the next client, a falling one has not left it yet.
        let (least, most) = ((value - 1e-6).rounded(.down), (value + 1e-6).rounded(.up))
        XCTAssert((least...most).contains(Double(running)), "at \(seconds) of \(curve)")
      }
    }
  }

  func test_whatIsSaidHolds_untilItIsSaidTo() {
    var random = LoadRandom(seed: 4)
    for _ in 0..<200 {
      let windows = ClientWindows(random.curve(upTo: 6))
      let place = Int.random(in: 0...6, using: &random)
      var nanos: Int64 = -1
      var changes = 0
      while true {
        let state = windows.state(place: place, at: nanos)
        guard state.until < .max else { break }
        XCTAssertGreaterThan(state.until, nanos)
        for _ in 0..<5 {
          let between = Int64.random(in: nanos..<state.until, using: &random)
          XCTAssertEqual(windows.state(place: place, at: between), state)
        }
        XCTAssertNotEqual(windows.state(place: place, at: state.until).runs, state.runs)
        nanos = state.until
        changes += 1
        XCTAssertLessThan(changes, 20)
      }
    }
  }
}
