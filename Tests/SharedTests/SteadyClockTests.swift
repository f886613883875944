import Synchronization
import XCTest

@testable import Shared

final class SteadyClockTests: XCTestCase {
  /// A machine's clocks, to be set by hand.
  private final class Machine: Sendable {
    let system = Atomic<Int64>(1_700_000_000_000_000)
    let boot = Atomic<Int64>(5_000_000_000)

    var source: SteadyClock.Source {
      SteadyClock.Source(
        systemMicros: { self.system.load(ordering: .relaxed) },
        bootNanos: { self.boot.load(ordering: .relaxed) })
    }

    func pass(micros: Int64) {
      system.add(micros, ordering: .relaxed)
      boot.add(micros * 1_000, ordering: .relaxed)
    }
  }

  private let hour: Int64 = 3_600_000_000

  func test_time_isThatOfTheStart_andGoesOnWithWhatPasses() {
    let machine = Machine()
    let clock = SteadyClock(machine.source)
    XCTAssertEqual(clock.micros(), 1_700_000_000_000_000)
    machine.pass(micros: 1_500_000)
    XCTAssertEqual(clock.micros(), 1_700_000_001_500_000)
  }

  func test_time_doesNotStep_whenTheSystemsIsSet() {
    for step in [-hour, hour, -hour * 24 * 365 * 50] {
      let machine = Machine()
      let clock = SteadyClock(machine.source)
      let began = clock.micros()
      machine.system.add(step, ordering: .relaxed)
      machine.pass(micros: 2_000_000)
      XCTAssertEqual(clock.micros() - began, 2_000_000)
    }
  }

  func test_follow_takesOverWhatWasSet_andNoTremble() {
    let machine = Machine()
    let clock = SteadyClock(machine.source)
    machine.system.add(-hour, ordering: .relaxed)
    machine.pass(micros: 7)
    XCTAssertEqual(clock.follow(), -hour)
    XCTAssertEqual(clock.micros(), 1_700_000_000_000_007 - hour)
    XCTAssertEqual(clock.follow(), 0)
    // What lies between two readings of one clock each.
    machine.system.add(SteadyClock.stepMicrosMin - 1, ordering: .relaxed)
    XCTAssertEqual(clock.follow(), 0)
    XCTAssertEqual(clock.micros(), 1_700_000_000_000_007 - hour)
  }

  func test_extremes_doNotTrap() {
    let machine = Machine()
    machine.system.store(.min, ordering: .relaxed)
    let clock = SteadyClock(machine.source)
    machine.system.store(.max, ordering: .relaxed)
    XCTAssertGreaterThan(clock.follow(), 0)
    XCTAssertGreaterThan(clock.micros(), 0)
  }
}
