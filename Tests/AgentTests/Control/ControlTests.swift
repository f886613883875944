import Shared
import XCTest

@testable import Agent

final class ClockOffsetTests: XCTestCase {
  func test_offset_isThatOfTheShortestRoundTrip() {
    var offset = ClockOffset()
    XCTAssertEqual(offset.offsetMicros, 0)
    XCTAssertNil(offset.uncertaintyMicros)
    // Ahead by 1,000; the way there takes 900, back 100: 400 off.
    offset.exchanged(t1: 0, t2: 1_900, t3: 1_900, t4: 1_000)
    XCTAssertEqual(offset.offsetMicros, 1_400)
    offset.exchanged(t1: 5_000, t2: 6_010, t3: 6_010, t4: 5_020)
    XCTAssertEqual(offset.offsetMicros, 1_000)
    XCTAssertEqual(offset.uncertaintyMicros, 10)
  }

  func test_oldExchanges_areForgotten_andNonsenseIsLeftOut() {
    var offset = ClockOffset()
    offset.exchanged(t1: 0, t2: 5_001, t3: 5_001, t4: 2)
    for round in 1...8 {
      let t1 = Int64(round) * 10_000
      offset.exchanged(t1: t1, t2: t1 + 50, t3: t1 + 50, t4: t1 + 100)
    }
    XCTAssertEqual(offset.offsetMicros, 0)
    offset.exchanged(t1: 100, t2: 0, t3: 90, t4: 0)
    XCTAssertEqual(offset.offsetMicros, 0)
  }
}

extension ClockOffsetTests {
  /// The one with the shortest round trip is from before the step, and would be believed.
  func test_offset_isThatAfterAStep_atTheFirstExchange() {
    let hour: Int64 = 3_600_000_000
    for step in [-hour, hour, 200_000] {
      var offset = ClockOffset()
      offset.exchanged(t1: 0, t2: 1_005, t3: 1_005, t4: 10)
      let t2 = 2_000_000 + 1_000 + step
      offset.exchanged(t1: 2_000_000, t2: t2 + 400, t3: t2 + 400, t4: 2_000_800)
      XCTAssertEqual(offset.offsetMicros, 1_000 + step)
      XCTAssertEqual(offset.uncertaintyMicros, 400)
    }
  }

  func test_offset_keepsTheBest_whileBothCanBeRight() {
    var offset = ClockOffset()
    offset.exchanged(t1: 0, t2: 1_005, t3: 1_005, t4: 10)
    // A second on its way there, at once back: off by half of it.
    offset.exchanged(t1: 2_000_000, t2: 3_001_000, t3: 3_001_000, t4: 3_000_000)
    XCTAssertEqual(offset.offsetMicros, 1_000)
  }
}

final class ReconnectDelayTests: XCTestCase {
  func test_delays_stayBelowADoublingCeiling() {
    var delay = ReconnectDelay()
    var random = SystemRandomNumberGenerator()
    var ceiling = ReconnectDelay.nanosMin
    for _ in 0..<20 {
      XCTAssertTrue((0...ceiling).contains(delay.next(using: &random)))
      ceiling = min(ReconnectDelay.nanosMax, ceiling * 2)
    }
    delay.reset()
    XCTAssertLessThanOrEqual(delay.next(using: &random), ReconnectDelay.nanosMin)
  }
}

final class LeaseRunTests: XCTestCase {
  private func leaseRun() -> LeaseRun {
    var run = LeaseRun(lease: .forTests(clients: 2), engines: 2, deadlineNanos: 0)
    run.phase = .running
    return run
  }

  private let sample = AgentSample(
    atMicros: 1, activeClients: 0, tickLatencyMicros: 0, cpuPermille: 0, memoryBytes: 0)

  /// Clients that the samples of everything spooled tell of.
  private func clients(_ run: inout LeaseRun) throws -> [Int] {
    var found: [Int] = []
    while let line = run.spool.nextLine() {
      found += try ResultBatchCodec.decode(Array(line.dropLast())).batch.samples.map(
        \.activeClients)
    }
    return found
  }

  private func batch() -> ResultBatch {
    var batch = ResultBatch()
    batch.strings = ["x"]
    batch.requests = [RequestRow(), RequestRow()]
    return batch
  }

  func test_runIsDone_onlyWhenAllEnginesAre() {
    var run = leaseRun()
    run.batchArrived(batch())
    XCTAssertFalse(run.engineEnded(0, goalVersion: 0, sample: sample))
    XCTAssertFalse(
      run.engineEnded(0, goalVersion: 0, sample: sample), "the same engine twice is one engine")
    XCTAssertTrue(run.engineEnded(1, goalVersion: 0, sample: sample))
    XCTAssertEqual(run.done?.finalSeq, 2, "the last sample is a batch of its own")
    XCTAssertEqual(run.done?.rows, 2)
    XCTAssertEqual(run.done?.goal, run.lease.goal)
    XCTAssertEqual(run.phase, .over)
  }

  func test_extension_voidsEndsUnderTheOldGoal() {
    var run = leaseRun()
    _ = run.engineEnded(0, goalVersion: 0, sample: sample)
    let goal = LoadGoal(iterations: 4, durationSecs: nil)
    XCTAssertTrue(run.extended(to: goal))
    XCTAssertFalse(run.extended(to: goal), "the same goal is no extension")
    XCTAssertFalse(run.engineEnded(1, goalVersion: 0, sample: sample))
    XCTAssertFalse(run.engineEnded(0, goalVersion: 1, sample: sample))
    XCTAssertTrue(run.engineEnded(1, goalVersion: 1, sample: sample))
    XCTAssertEqual(run.done?.goal, goal)
  }

  func test_extensionAfterDone_takesItBack() {
    var run = leaseRun()
    _ = run.engineEnded(0, goalVersion: 0, sample: sample)
    XCTAssertTrue(run.engineEnded(1, goalVersion: 0, sample: sample))
    XCTAssertTrue(run.extended(to: LoadGoal(iterations: 4, durationSecs: nil)))
    XCTAssertNil(run.done)
    XCTAssertEqual(run.phase, .running)
  }

  func test_samples_travelWithTheNextBatch() throws {
    var run = leaseRun()
    run.progressed(engine: 0, active: 2, mostActive: 2, iterations: 0)
    run.sampled(sample)
    run.batchArrived(batch())
    XCTAssertEqual(try clients(&run), [2])
  }

  func test_theLastSample_tellsTheMostClientsSinceTheOneBefore() throws {
    var run = leaseRun()
    run.progressed(engine: 0, active: 0, mostActive: 5, iterations: 9)
    run.progressed(engine: 1, active: 0, mostActive: 3, iterations: 9)
    run.progressed(engine: 1, active: 0, mostActive: 1, iterations: 9)
    _ = run.engineEnded(0, goalVersion: 0, sample: sample)
    XCTAssertTrue(run.engineEnded(1, goalVersion: 0, sample: sample))
    XCTAssertEqual(try clients(&run), [8], "however short the run was")

    run = leaseRun()
    run.progressed(engine: 0, active: 1, mostActive: 5, iterations: 9)
    run.sampled(sample)
    _ = run.engineEnded(0, goalVersion: 0, sample: sample)
    XCTAssertTrue(run.engineEnded(1, goalVersion: 0, sample: sample))
    XCTAssertEqual(try clients(&run), [1, 1], "what was before the one before is told")
  }

  func test_theIntervalOfTheBeginning_hasASample_too() throws {
    let second: Int64 = 1_000_000
    for (begin, expected) in [(39 * second, [0, 3, 2, 2]), (40 * second, [0, 2, 2])] {
      var run = leaseRun()
      run.startAtMicros = begin
      for seconds: Int64 in 39...41 {
        var sample = sample
        sample.atMicros = seconds * second + second / 2
        run.sampled(sample)
        run.progressed(engine: 0, active: 2, mostActive: 3, iterations: 9)
      }
      run.batchArrived(batch())
      XCTAssertEqual(try clients(&run), expected, "\(begin)")
    }
  }

  func test_setupAndTeardown_areNoClients() throws {
    var lease = Lease.forTests(clients: 1)
    lease.script.life = .setup
    var run = LeaseRun(lease: lease, engines: 1, deadlineNanos: 0)
    run.phase = .running
    run.progressed(engine: 0, active: 1, mostActive: 1, iterations: 0)
    run.sampled(sample)
    XCTAssertTrue(run.engineEnded(0, goalVersion: 0, sample: sample))
    XCTAssertEqual(try clients(&run), [])
  }
}
