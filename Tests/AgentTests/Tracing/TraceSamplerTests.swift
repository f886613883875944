import Shared
import XCTest

@testable import Agent

final class TraceSamplerTests: XCTestCase {
  private let second: Int64 = 1_000_000
  private let request = ScriptRequest(method: "GET", url: "http://a/", isConstant: true)

  private func row(
    _ status: UInt16 = 200, micros: Int32 = 1_000, error: ErrorReason = .none
  ) -> RequestRow {
    var row = RequestRow()
    row.status = status
    row.error = error
    row.success = error == .none && status < 400
    row.connectionCloseMicros = micros
    return row
  }

  func test_off_capturesNothing_all_everything() {
    var off = TraceSampler(.off)
    XCTAssertFalse(off.isOn)
    XCTAssertNil(off.begins(request, atMicros: 0))
    var all = TraceSampler(.all)
    // One more than is stored lets the coordinator say that there are more.
    for _ in 0...Limits.tracesPerExecutionMax {
      guard let ticket = all.begins(request, atMicros: 0) else { return XCTFail("not captured") }
      XCTAssertEqual(all.ended(ticket, row(), atMicros: 1), .keep(isSlowest: false))
    }
    XCTAssertNil(all.begins(request, atMicros: 0), "more would not be stored")
  }

  func test_firstRequestOfEachResourceAndMinute_isKept() throws {
    var sampler = TraceSampler(.sampled(perMinute: 1))
    let other = ScriptRequest(method: "POST", url: "http://a/")
    for minute in 0..<3 {
      let at = Int64(minute) * 60 * second
      for request in [request, other] {
        let ticket = try XCTUnwrap(sampler.begins(request, atMicros: at))
        XCTAssertNil(sampler.begins(request, atMicros: at + 1), "one is under way")
        let verdict = sampler.ended(ticket, row(micros: 1), atMicros: at + 2)
        XCTAssertNotEqual(verdict, .discard)
        if case .hold = verdict { XCTFail("held, not kept") }
      }
    }
  }

  func test_sameResourceOfAnotherInstance_isNotCertainAgain() throws {
    var sampler = TraceSampler(.sampled(perMinute: 1))
    XCTAssertNotNil(sampler.begins(request, atMicros: 0))
    let twin = ScriptRequest(method: "GET", url: "http://a/")
    XCTAssertNil(sampler.begins(twin, atMicros: 1))
    let named = ScriptRequest(method: "GET", url: "http://a/1", name: "http://a/")
    XCTAssertNil(sampler.begins(named, atMicros: 2))
  }

  func test_perMinute_isTheNumberThatIsCertain() {
    var sampler = TraceSampler(.sampled(perMinute: 3))
    let tickets = (0..<10).compactMap { sampler.begins(request, atMicros: $0) }
    XCTAssertEqual(tickets.count, 3)
  }

  func test_certainRequest_thatEndsInTheNextMinute_isKept() throws {
    var sampler = TraceSampler(.sampled(perMinute: 1))
    let slow = try XCTUnwrap(sampler.begins(request, atMicros: 59 * second))
    XCTAssertNotNil(sampler.begins(request, atMicros: 61 * second))
    XCTAssertEqual(
      sampler.ended(slow, row(micros: 4_000_000), atMicros: 63 * second), .keep(isSlowest: true))
  }

  func test_requestThatCouldNotBeSent_leavesItsPlaceToTheNext() throws {
    var sampler = TraceSampler(.sampled(perMinute: 1))
    sampler.gaveUp(try XCTUnwrap(sampler.begins(request, atMicros: 0)))
    let next = try XCTUnwrap(sampler.begins(request, atMicros: 1))
    XCTAssertEqual(sampler.ended(next, row(), atMicros: 2), .keep(isSlowest: true))
  }

  /// Captures whatever it may at `perSecond` requests, and returns how many and the verdicts.
  private func drive(
    _ sampler: inout TraceSampler, from: Int64, seconds: Int64, perSecond: Int64,
    _ answer: (Int64) -> RequestRow
  ) -> (captured: Int, verdicts: [TraceSampler.Verdict]) {
    var verdicts: [TraceSampler.Verdict] = []
    for number in 0..<seconds * perSecond {
      let at = from + number * second / perSecond
      if let ticket = sampler.begins(request, atMicros: at) {
        verdicts.append(sampler.ended(ticket, answer(number), atMicros: at + 1))
      } else if !answer(number).success {
        sampler.failedUnseen(request, atMicros: at)
      }
    }
    return (verdicts.count, verdicts)
  }

  func test_busyResource_isCapturedTenTimesASecondAtMost_andMostIsThrownAway() {
    var sampler = TraceSampler(.sampled(perMinute: 1))
    let found = drive(&sampler, from: 0, seconds: 10, perSecond: 10_000) { _ in
      self.row(micros: 1_000)
    }
    XCTAssertGreaterThan(found.captured, 40)
    XCTAssertLessThanOrEqual(found.captured, 100)
    XCTAssertEqual(found.verdicts.filter { $0 != .discard }, [.keep(isSlowest: true)])
  }

  func test_manyResources_shareTheCaptures() {
    var sampler = TraceSampler(.sampled(perMinute: 1))
    let requests = (0..<50).map {
      ScriptRequest(method: "GET", url: "http://a/\($0)", isConstant: true)
    }
    var captured = 0
    for at in stride(from: 0, to: 10 * second, by: 1_000) {
      for request in requests where sampler.begins(request, atMicros: at) != nil { captured += 1 }
    }
    XCTAssertGreaterThanOrEqual(captured, 50 + 50)
    // The earliest were given their time when there were few.
    XCTAssertLessThanOrEqual(captured, 50 + 150)
  }

  func test_resourcesWithoutEnd_areOneResource() {
    var sampler = TraceSampler(.sampled(perMinute: 1))
    let captured = (0..<100_000).filter {
      sampler.begins(
        ScriptRequest(method: "GET", url: "http://a/\($0)"), atMicros: Int64($0) * 100) != nil
    }
    XCTAssertEqual(Array(captured.prefix(Limits.tracedResourcesMax)), Array(0..<200))
    XCTAssertLessThan(captured.count, Limits.tracedResourcesMax + 10)
  }

  func test_newStatus_isKeptOnceAMinute() throws {
    var sampler = TraceSampler(.sampled(perMinute: 1))
    // Faster than the first, so that it is not kept for being slow.
    let found = drive(&sampler, from: 0, seconds: 9, perSecond: 5) { number in
      number == 0 ? self.row(micros: 9_000) : self.row(number % 2 == 0 ? 200 : 302)
    }
    XCTAssertEqual(found.captured, 45, "few requests are captured, every one")
    XCTAssertEqual(
      found.verdicts.filter { $0 != .discard }, [.keep(isSlowest: true), .keep(isSlowest: false)])
  }

  func test_firstFailuresOfEachInterval_areKept() {
    var sampler = TraceSampler(.sampled(perMinute: 1))
    for interval in 0..<2 {
      let found = drive(
        &sampler, from: Int64(interval) * 10 * second, seconds: 10, perSecond: 5
      ) { self.row($0 == 0 ? 200 : 500, micros: $0 == 0 ? 9_000 : 10) }
      let kept = found.verdicts.dropFirst().filter { $0 != .discard }
      XCTAssertEqual(kept, Array(repeating: .keep(isSlowest: false), count: 3))
    }
  }

  func test_failuresInACrowd_areMet() {
    var sampler = TraceSampler(.sampled(perMinute: 1))
    // One in fifty of ten thousand a second, at random: far fewer are captured otherwise.
    var random = LoadRandom(seed: 5)
    let fails = (0..<90_000).map { $0 > 0 && random.next() % 50 == 0 }
    let found = drive(&sampler, from: 0, seconds: 9, perSecond: 10_000) { number in
      fails[Int(number)] ? self.row(503) : self.row(micros: number == 0 ? 9_000 : 1_000)
    }
    XCTAssertLessThan(found.captured, 100 + 256 + 8)
    XCTAssertGreaterThanOrEqual(found.verdicts.filter { $0 != .discard }.count, 2)
  }

  func test_connectionThatCannotBeMade_isAnOutcomeOfItsOwn() throws {
    var sampler = TraceSampler(.sampled(perMinute: 1))
    let first = try XCTUnwrap(sampler.begins(request, atMicros: 0))
    _ = sampler.ended(first, row(micros: 9_000), atMicros: 1)
    let second = try XCTUnwrap(sampler.begins(request, atMicros: self.second))
    XCTAssertEqual(
      sampler.ended(second, row(0, micros: 1, error: .connectRefused), atMicros: self.second + 1),
      .keep(isSlowest: false))
  }

  func test_slowestOfAnInterval_isHeldUntilItsEnd() throws {
    var sampler = TraceSampler(.sampled(perMinute: 1))
    var at: Int64 = 0
    func verdict(_ micros: Int32) throws -> TraceSampler.Verdict {
      at += second
      let ticket = try XCTUnwrap(sampler.begins(request, atMicros: at))
      return sampler.ended(ticket, row(micros: micros), atMicros: at + 1)
    }
    XCTAssertEqual(try verdict(100), .keep(isSlowest: true))
    XCTAssertEqual(try verdict(90), .discard)
    XCTAssertEqual(try verdict(110), .hold(untilMicros: 10 * second))
    XCTAssertEqual(try verdict(110), .discard)
    at = 10 * second
    XCTAssertEqual(try verdict(5), .hold(untilMicros: 20 * second))
  }
}
