import Shared
import XCTest

@testable import Agent

final class ArrivalTests: XCTestCase {
  private let second: Int64 = 1_000_000_000

  private func curve(_ start: Double, _ stages: (Double, Double)...) -> LoadCurve {
    LoadCurve(start: start, stages: stages.map { LoadStage(durationSecs: $0.0, target: $0.1) })
  }

  private func all(_ curve: LoadCurve) -> [Int64] {
    let schedule = ArrivalSchedule(curve)
    var hint = 0
    return (0..<schedule.count).compactMap { schedule.nanos(of: $0, hint: &hint) }
  }

  // MARK: the schedule

  func test_steadyRate_isExact() {
    for (rate, seconds) in [(500.0, 60.0), (1, 10), (0.1, 60), (1_000.0 / 3, 30), (7, 0.5)] {
      let starts = all(curve(rate, (seconds, rate)))
      let count = (rate * seconds - 1e-6).rounded(.up)
      XCTAssertEqual(Double(starts.count), count, "\(rate)/s")
      for (index, start) in starts.enumerated() {
        XCTAssertEqual(Double(start), Double(index) / rate * 1e9, accuracy: 2, "\(rate)/s")
      }
    }
  }

  func test_rampFromZero_hasItsStartsWhereTheAreaIsWhole() {
    // 10 per second after 10 s: ½·x² starts in x seconds.
    let starts = all(curve(0, (10, 10)))
    XCTAssertEqual(starts.count, 50)
    for (index, start) in starts.enumerated() {
      XCTAssertEqual(Double(start), (2 * Double(index)).squareRoot() * 1e9, accuracy: 2)
    }
  }

  func test_nothingBegins_whileTheRateIsZero() {
    XCTAssertEqual(
      all(curve(0, (5, 0), (0, 2), (1, 2), (0, 0), (5, 0), (0, 1), (2, 1))),
      [5 * second, 5 * second + second / 2, 11 * second, 12 * second])
    XCTAssertEqual(all(curve(0, (5, 0))), [])
  }

  func test_starts_agreeWithANumericIntegral() {
    var random = LoadRandom(seed: 8)
    for _ in 0..<150 {
      let curve = random.curve(upTo: 60)
      let starts = all(curve)
      XCTAssertEqual(starts, starts.sorted(), "\(curve)")
      XCTAssertEqual(Double(starts.count), (curve.area - 1e-6).rounded(.up), "\(curve)")
      guard curve.durationSecs > 0 else { continue }
      let steps = 20_000
      let width = curve.durationSecs / Double(steps)
      var area = 0.0
      var seen = 0
      for step in 0..<steps {
        area += curve.value(at: (Double(step) + 0.5) * width) * width
        let nanos = Int64(Double(step + 1) * width * 1e9)
        while seen < starts.count, starts[seen] <= nanos { seen += 1 }
        // Start k is there once the area has passed k; a step of the integral is off by its rate.
        XCTAssertEqual(Double(seen), area, accuracy: 1.01 + curve.peak * width, "\(curve)")
      }
    }
  }

  func test_hint_isOnlyAHint() {
    let curve = curve(3, (2, 9), (1, 0), (2, 0), (4, 5))
    let schedule = ArrivalSchedule(curve)
    let starts = all(curve)
    for hint in 0..<4 {
      for index in [0, 5, 11, 15, starts.count - 1] {
        var own = hint
        XCTAssertEqual(schedule.nanos(of: Int64(index), hint: &own), starts[index])
      }
    }
    var hint = 0
    XCTAssertNil(schedule.nanos(of: Int64(starts.count), hint: &hint))
    XCTAssertNil(schedule.nanos(of: -1, hint: &hint))
  }

  // MARK: streams

  private func take(_ stream: inout ArrivalStream, before nanos: Int64 = .max) -> [Int64] {
    var taken: [Int64] = []
    while let next = stream.nextNanos, next < nanos {
      taken.append(next)
      stream.advance()
    }
    return taken
  }

  func test_streams_areTheScheduleTogether_howeverClientsAreSplit() {
    var random = LoadRandom(seed: 21)
    for _ in 0..<150 {
      let curve = random.curve(upTo: 60)
      let clients = Int.random(in: 1...40, using: &random)
      var starts: [Int64] = []
      for range in random.cut(clients) {
        let threads = Int.random(in: 1...4, using: &random)
        for thread in 0..<threads {
          let own = stride(from: range.lowerBound + thread, to: range.upperBound, by: threads)
          var stream = ArrivalStream(curve, clients: own, of: clients)
          starts += take(&stream)
        }
      }
      XCTAssertEqual(starts.sorted(), all(curve), "\(clients) clients, \(curve)")
    }
  }

  func test_eachStream_isAsSteadyAsTheWhole() {
    // A third of the clients gets a third of the rate all the time, not all of it in turns.
    let curve = curve(300, (10, 300))
    for first in [0, 100, 200] {
      var stream = ArrivalStream(curve, clients: first..<(first + 100), of: 300)
      let starts = take(&stream)
      XCTAssertEqual(starts.count, 1_000)
      for (index, start) in starts.enumerated() {
        XCTAssertEqual(Double(start), Double(index) * 1e7, accuracy: 3e7)
      }
    }
  }

  func test_extension_goesOnWhereItWas() {
    let curve = curve(10, (10, 10))
    for at in [second / 3, 5 * second, 10 * second] {
      for extended in [20.0, 7] {
        var stream = ArrivalStream(curve, clients: 0..<4, of: 4)
        var starts = take(&stream, before: at)
        stream.changed(to: curve.lasting(extended), now: at)
        starts += take(&stream)
        let wanted = max(extended, min(10, Double(at) / 1e9))
        XCTAssertEqual(starts, all(curve.lasting(wanted)), "\(at) to \(extended)")
      }
    }
  }

  func test_extensionThatChangesTheCourse_makesUpForNothing() {
    // From 0 to 100 per second in 10 s, then instead in 20 s; and the other way round.
    let (fast, slow) = (curve(0, (10, 100)), curve(0, (20, 100)))
    for (before, after) in [(fast, slow), (slow, fast)] {
      var stream = ArrivalStream(before, clients: 0..<4, of: 4)
      _ = take(&stream, before: 4 * second)
      stream.changed(to: after, now: 4 * second)
      XCTAssertEqual(take(&stream), all(after).filter { $0 >= 4 * second })
    }
  }

  func test_extensionAfterTheEnd_beginsThen() {
    let curve = curve(10, (1, 10))
    var stream = ArrivalStream(curve, clients: 0..<2, of: 2)
    _ = take(&stream)
    XCTAssertNil(stream.nextNanos)
    stream.changed(to: curve.lasting(5), now: 3 * second)
    XCTAssertEqual(take(&stream), all(curve.lasting(5)).filter { $0 >= 3 * second })
  }

  func test_streamWithoutClients_hasNoStarts() {
    XCTAssertNil(ArrivalStream(curve(9, (9, 9)), clients: 0..<0, of: 5).nextNanos)
  }
}
