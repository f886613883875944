import Foundation
import Shared
import TestSupport
import XCTest

@testable import Agent

/// Clients that come and go, and iterations that are dealt, on a real engine thread.
final class EngineLoadTests: XCTestCase {
  private func step(_ server: EngineServer) -> String {
    #"{"request":{"url":"\#(server.url("/"))"}}"#
  }

  private func curve(_ start: Double, _ stages: (Double, Double)...) -> LoadCurve {
    LoadCurve(start: start, stages: stages.map { LoadStage(durationSecs: $0.0, target: $0.1) })
  }

  private func lease(clients: Int, _ model: LoadModel, sleepSecs: Double = 0) -> Lease {
    var lease = Lease.forTests(clients: clients)
    lease.goal = LoadGoal(model: model)
    lease.iterationSleepSecs = sleepSecs
    return lease
  }

  // MARK: ramping clients

  func test_rampingClients_comeAndGoAndComeBack() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    let curve = curve(1, (0.4, 1), (0, 3), (0.4, 3), (0, 1), (0.4, 1), (0, 2), (0.4, 2))
    let lease = lease(
      clients: 4, .rampingClients(curve: curve, gracefulRampDownSecs: 30), sleepSecs: 0.02)
    let harness = try EngineHarness(steps: step(server), lease: lease)
    harness.begin()
    harness.waitForEnd()
    let rows = harness.requests
    let begin = try XCTUnwrap(rows.map(\.startedAtMicros).min())
    let order = ClientOrder(total: 4)
    var byPlace: [Int: Set<Int64>] = [:]
    for row in rows {
      // In quarters of the test: which clients ran in each.
      let quarter = (row.startedAtMicros - begin) / 400_000
      byPlace[order.place(of: Int(row.client)), default: []].insert(quarter)
    }
    XCTAssertEqual(byPlace[0], [0, 1, 2, 3])
    XCTAssertTrue(byPlace[1]?.isSuperset(of: [1, 3]) ?? false, "\(byPlace)")
    XCTAssertTrue(byPlace[2]?.contains(1) ?? false, "\(byPlace)")
    // An iteration may begin in the last moment of its client, but not within the next stretch.
    XCTAssertFalse(byPlace[2]?.contains(3) ?? true, "\(byPlace)")
    XCTAssertNil(byPlace[3])
    XCTAssertEqual(rows.count, harness.iterations.count)
    for client in 0..<3 {
      let numbers = rows.filter { $0.client == client }.map(\.iteration)
      XCTAssertEqual(numbers, Array(0..<UInt32(numbers.count)))
    }
  }

  func test_rampDown_cutsAnIterationAfterItsGrace_andTheClientComesBack() throws {
    let asked = RequestGate()
    let server = try EngineServer { request in
      // Only the first request hangs: longer than the test would wait.
      guard asked.next() == 0 else { return EngineServer.response() }
      asked.waitForRelease()
      return EngineServer.response()
    }
    defer { asked.release() }
    let curve = curve(1, (0.2, 1), (0, 0), (0.4, 0), (0, 1), (0.3, 1))
    let lease = lease(
      clients: 1, .rampingClients(curve: curve, gracefulRampDownSecs: 0.1), sleepSecs: 0.02)
    let harness = try EngineHarness(steps: step(server), lease: lease)
    let rows = harness.run()
    let first = try XCTUnwrap(rows.first)
    XCTAssertEqual(first.error, .aborted)
    XCTAssertGreaterThan(first.connectionCloseMicros, 290_000)
    XCTAssertLessThan(first.connectionCloseMicros, 600_000)
    XCTAssertGreaterThan(rows.count, 1)
    XCTAssertTrue(rows.dropFirst().allSatisfy { $0.status == 200 })
    XCTAssertEqual(harness.iterations.map(\.iteration), rows.dropFirst().map(\.iteration))
    XCTAssertEqual(harness.iterations.first?.iteration, 1)
  }

  func test_rampingClients_canBeExtendedAndStopped() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    let curve = curve(1, (0.2, 1))
    var lease = lease(
      clients: 1, .rampingClients(curve: curve, gracefulRampDownSecs: 0), sleepSecs: 0.01)
    let harness = try EngineHarness(steps: step(server), lease: lease)
    harness.begin()
    harness.waitForEnd()
    let before = harness.requests.count
    let longer = try XCTUnwrap(lease.goal.changed(toDurationSecs: 600))
    lease.goal = longer
    harness.extend(to: longer, version: 1)
    harness.wait("requests after the extension") { rows, _ in rows.count > before }
    harness.stop(graceSecs: 10)
    harness.waitForEnd(version: 1)
  }

  // MARK: arrivals

  func test_arrivals_beginOnSchedule() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    let lease = lease(clients: 5, .arrivalRate(curve: curve(100, (0.5, 100))))
    let harness = try EngineHarness(steps: step(server), lease: lease)
    _ = harness.run()
    let rows = harness.iterations
    XCTAssertEqual(rows.count + harness.dropped, 50)
    let intended = rows.map(\.intendedAtMicros).sorted()
    XCTAssertGreaterThan(rows.count, 0)
    for row in rows { XCTAssertGreaterThan(row.delayMicros, 0) }
    // They are a hundredth of a second apart, whatever was dropped in between.
    for (index, time) in intended.enumerated().dropFirst() {
      let steps = Double(time - intended[index - 1]) / 10_000
      XCTAssertEqual(steps, steps.rounded(), accuracy: 0.01)
      XCTAssertGreaterThan(steps, 0.5)
    }
  }

  func test_arrivalsThatNobodyIsFreeFor_areCounted() throws {
    let asked = RequestGate()
    let server = try EngineServer { _ in
      asked.waitForRelease()
      return EngineServer.response()
    }
    let lease = lease(clients: 2, .arrivalRate(curve: curve(50, (0.4, 50))))
    let harness = try EngineHarness(steps: step(server), lease: lease)
    harness.begin()
    harness.waitForDrops(18)
    asked.release()
    harness.waitForEnd()
    XCTAssertEqual(harness.iterations.count, 2)
    XCTAssertEqual(harness.dropped, 18)
  }

  func test_lapsedLease_dropsArrivals() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    let lease = lease(clients: 2, .arrivalRate(curve: curve(50, (0.2, 50))))
    let harness = try EngineHarness(steps: step(server), lease: lease)
    harness.renew(deadlineNanos: Clock.boottimeNanos() - 1)
    XCTAssertEqual(harness.run(), [])
    XCTAssertEqual(harness.dropped, 10)
  }

  func test_arrivals_canBeExtendedAfterTheirEnd_andStopped() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    let lease = lease(clients: 3, .arrivalRate(curve: curve(50, (0.2, 50))))
    let harness = try EngineHarness(steps: step(server), lease: lease)
    let before = harness.run().count
    let longer = try XCTUnwrap(lease.goal.changed(toDurationSecs: 600))
    harness.extend(to: longer, version: 1)
    harness.wait("requests after the extension") { rows, _ in rows.count > before + 5 }
    harness.stop(graceSecs: 10)
    harness.waitForEnd(version: 1)
    XCTAssertEqual(harness.requests.count, harness.iterations.count)
  }
}

/// Counts requests and holds some back.
///
/// `@unchecked Sendable`: all state is guarded by `condition`.
private final class RequestGate: @unchecked Sendable {
  private let condition = NSCondition()
  private var count = 0
  private var isReleased = false

  func next() -> Int {
    condition.withLock {
      count += 1
      return count - 1
    }
  }

  func waitForRelease() {
    condition.lock()
    while !isReleased { condition.wait() }
    condition.unlock()
  }

  func release() {
    condition.withLock {
      isReleased = true
      condition.broadcast()
    }
  }
}
