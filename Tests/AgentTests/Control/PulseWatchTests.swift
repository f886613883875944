import Dispatch
import XCTest

@testable import Agent

final class PulseWatchTests: XCTestCase {
  private func reading(_ beats: Int, waits: Bool = false) -> ThreadPulse.Reading {
    ThreadPulse.Reading(beats: beats, isWaiting: waits)
  }

  func test_threadThatHangs_isStuck_untilItGoesOn() {
    var watch = PulseWatch()
    XCTAssertEqual(watch.looked(reading(1), mostNanos: 20, now: 100), .none)
    XCTAssertEqual(watch.looked(reading(1), mostNanos: 20, now: 120), .none)
    XCTAssertEqual(watch.quietNanos, 20)
    XCTAssertEqual(watch.looked(reading(1), mostNanos: 20, now: 121), .stuck)
    XCTAssertTrue(watch.isStuck)
    XCTAssertEqual(watch.looked(reading(1), mostNanos: 20, now: 500), .none, "said once")
    XCTAssertEqual(watch.looked(reading(2), mostNanos: 20, now: 501), .goesOn)
    XCTAssertFalse(watch.isStuck)
  }

  func test_threadThatWorksOrWaits_isNot() {
    var watch = PulseWatch()
    for beat in 0..<50 {
      XCTAssertEqual(watch.looked(reading(beat), mostNanos: 20, now: Int64(beat) * 20), .none)
    }
    for look in 0..<50 {
      let now = Int64(2_000 + look * 100)
      XCTAssertEqual(watch.looked(reading(50, waits: true), mostNanos: 20, now: now), .none)
    }
    // A long turn that is legal.
    XCTAssertEqual(watch.looked(reading(51), mostNanos: 20_000, now: 10_000), .none)
    XCTAssertEqual(watch.looked(reading(51), mostNanos: 20_000, now: 29_000), .none)
  }

  func test_engineThread_showsWhetherItWorks() throws {
    let engine = try EngineThread(index: 0) { _, _ in }
    XCTAssertTrue(engine.pulse.reading.isWaiting, "it does not run yet")
    engine.start()
    defer { engine.stop() }
    let (isIn, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    engine.execute { _ in
      isIn.signal()
      gate.wait()
    }
    isIn.wait()
    let hanging = engine.pulse.reading
    XCTAssertFalse(hanging.isWaiting)
    XCTAssertEqual(engine.pulse.reading, hanging)
    gate.signal()
    engine.execute { _ in isIn.signal() }
    isIn.wait()
    XCTAssertGreaterThan(engine.pulse.reading.beats, hanging.beats)
  }
}
