import Shared
import XCTest

@testable import Coordinator

final class ExecutionStateMachineTests: XCTestCase {
  private typealias Machine = ExecutionStateMachine
  private let first = LeaseKey(chunk: ChunkID(1), epoch: 1)
  private let second = LeaseKey(chunk: ChunkID(2), epoch: 1)
  private let goal = LoadGoal(iterations: 5, durationSecs: nil)

  private func machine(manualStart: Bool = false) -> Machine {
    Machine(
      regions: [
        .init(id: ExecutionRegionID(1), title: "East", clients: 1),
        .init(id: ExecutionRegionID(2), title: "West", clients: 1),
      ], goal: goal, manualStart: manualStart)
  }

  private func running() -> Machine {
    var machine = machine()
    _ = machine.created()
    machine.chunksGranted([[first], [second]])
    _ = machine.chunkReady(first)
    _ = machine.chunkReady(second)
    XCTAssertEqual(machine.phase, .running)
    return machine
  }

  private func messages(_ actions: [Machine.Action]) -> [String] {
    actions.compactMap { if case .log(_, let text) = $0 { text } else { nil } }
  }

  func test_wholeLife_logsTheSeedsMessagesInOrder() throws {
    var machine = machine()
    var actions = machine.created()
    machine.chunksGranted([[first], [second]])
    actions += machine.chunkReady(first)
    actions += machine.chunkReady(second)
    actions += machine.chunkDone(first, goal: goal)
    actions += machine.chunkDone(second, goal: goal)
    XCTAssertEqual(machine.phase, .processing)
    actions += machine.resultsProcessed()
    XCTAssertEqual(
      messages(actions),
      [
        "Execution started", "Allocating to agents in East", "Allocating to agents in West",
        "Allocated to agents in East. Testing is underway",
        "Allocated to agents in West. Testing is underway", "Finished execution in East",
        "Finished execution in West", "Finished processing results, cleaning up resources",
        "Test completed",
      ])
    XCTAssertEqual(machine.phase, .completed)
    XCTAssertNil(machine.failure)
  }

  func test_noChunkBegins_beforeAllAreReady() {
    var machine = machine()
    machine.chunksGranted([[first], [second]])
    XCTAssertEqual(machine.chunkReady(first), [])
    XCTAssertTrue(machine.chunkReady(second).contains(.begin([first, second])))
  }

  func test_manualStart_waitsUntilStarted() throws {
    var machine = machine(manualStart: true)
    _ = machine.created()
    machine.chunksGranted([[first], [second]])
    _ = machine.chunkReady(first)
    XCTAssertFalse(machine.chunkReady(second).contains(.begin([first, second])))
    XCTAssertEqual(machine.phase, .ready)
    XCTAssertTrue(try machine.start().contains(.begin([first, second])))
    XCTAssertEqual(try machine.start(), [], "a second start changes nothing")
  }

  func test_startBeforeReady_beginsAsSoonAsReady() throws {
    var machine = machine(manualStart: true)
    machine.chunksGranted([[first], [second]])
    XCTAssertEqual(try machine.start(), [.markStarted])
    _ = machine.chunkReady(first)
    XCTAssertTrue(machine.chunkReady(second).contains(.begin([first, second])))
  }

  func test_stopWhileRunning_tellsOpenChunks_andEndsCancelled() throws {
    var machine = running()
    _ = machine.chunkDone(first, goal: goal)
    let actions = try machine.stopRequested(graceSecs: 10)
    XCTAssertTrue(actions.contains(.send(.stop(graceSecs: 10), to: second)))
    XCTAssertFalse(actions.contains(.send(.stop(graceSecs: 10), to: first)))
    let end = machine.chunkDone(second, goal: goal)
    XCTAssertTrue(end.contains(.markFinished(cancelled: true)))
    XCTAssertEqual(try machine.stopRequested(graceSecs: 10), [])
  }

  func test_stopWhileWaiting_endsAtOnce() throws {
    var machine = machine()
    let actions = try machine.stopRequested(graceSecs: 10)
    XCTAssertTrue(actions.contains(.processResults))
    XCTAssertTrue(
      actions.contains(.markRegionFinished(ExecutionRegionID(1))),
      "regions that never ran are over, too")
    XCTAssertEqual(machine.phase, .processing)
  }

  func test_stopAfterCompletion_isRefused() throws {
    var machine = running()
    _ = machine.chunkDone(first, goal: goal)
    _ = machine.chunkDone(second, goal: goal)
    _ = machine.resultsProcessed()
    XCTAssertThrowsError(try machine.stopRequested(graceSecs: 10))
    XCTAssertThrowsError(try machine.start())
    XCTAssertThrowsError(try machine.extended(to: goal))
  }

  func test_extension_reachesDoneChunksToo() throws {
    var machine = running()
    _ = machine.chunkDone(first, goal: goal)
    let longer = LoadGoal(iterations: 9, durationSecs: nil)
    let actions = try machine.extended(to: longer)
    XCTAssertTrue(actions.contains(.send(.extend(longer), to: first)))
    XCTAssertTrue(actions.contains(.send(.extend(longer), to: second)))
    XCTAssertTrue(actions.contains(.markRegionResumed(ExecutionRegionID(1))))
  }

  func test_doneThatCrossedAnExtension_doesNotEndTheChunk() throws {
    var machine = running()
    let longer = LoadGoal(iterations: 9, durationSecs: nil)
    _ = try machine.extended(to: longer)
    XCTAssertEqual(machine.chunkDone(first, goal: goal), [])
    _ = machine.chunkDone(first, goal: longer)
    XCTAssertTrue(machine.chunkDone(second, goal: longer).contains(.processResults))
  }

  func test_lostChunk_stopsTheOthers_andFails() {
    var machine = running()
    let actions = machine.chunkLost(first, because: "Lost agent a")
    XCTAssertTrue(actions.contains(.log(level: "Error", "Lost agent a")))
    XCTAssertTrue(actions.contains(.send(.stop(graceSecs: Limits.stopGraceSecs), to: second)))
    XCTAssertFalse(machine.isCurrent(first))
    _ = machine.chunkDone(second, goal: goal)
    XCTAssertTrue(machine.resultsProcessed().contains(.markCompleted(failure: "Lost agent a")))
  }

  func test_refusedChunk_namesAgentAndReason() {
    var machine = machine()
    machine.chunksGranted([[first], [second]])
    let actions = machine.chunkRefused(first, agent: "a1", reason: "no room")
    XCTAssertEqual(
      messages(actions).first, "Agent a1 could not prepare its clients: no room")
  }

  func test_sameWaitingReason_isLoggedOnce() {
    var machine = machine()
    XCTAssertEqual(machine.capacityMissing("x").count, 1)
    XCTAssertEqual(machine.capacityMissing("x"), [])
    XCTAssertEqual(machine.capacityMissing("y").count, 1)
  }

  func test_eventsOfUnknownChunks_areIgnored() {
    var machine = running()
    let stranger = LeaseKey(chunk: ChunkID(99), epoch: 1)
    XCTAssertEqual(machine.chunkReady(stranger), [])
    XCTAssertEqual(machine.chunkDone(stranger, goal: goal), [])
    XCTAssertEqual(machine.chunkLost(stranger, because: "?"), [])
  }

  func test_breachedLimit_isStoredAndLogged_andStopsOnlyWhereItIsTo() {
    var machine = running()
    XCTAssertEqual(
      machine.limitBreached("slow", stops: false),
      [.storeLimits, .log(level: "Error", "slow")])
    XCTAssertEqual(machine.phase, .running)
    let actions = machine.limitBreached("slower", stops: true)
    XCTAssertEqual(actions.first, .storeLimits)
    let stop = Machine.Command.stop(graceSecs: Limits.stopGraceSecs)
    XCTAssertTrue(actions.contains(.send(stop, to: first)))
    XCTAssertTrue(actions.contains(.send(stop, to: second)))
    XCTAssertEqual(machine.phase, .stopping)
    XCTAssertEqual(
      machine.limitBreached("slowest", stops: true),
      [.storeLimits, .log(level: "Error", "slowest")])
    _ = machine.chunkDone(first, goal: goal)
    let end = machine.chunkDone(second, goal: goal)
    XCTAssertTrue(end.contains(.markFinished(cancelled: false)), "the user has not stopped it")
    XCTAssertNil(machine.failure)
    XCTAssertEqual(machine.limitBreached("late", stops: true), [])
  }

  func test_verdicts_areLoggedOnceAllResultsAreThere() {
    var machine = running()
    let verdicts = [
      LimitEvaluator.Verdict(message: "held", isNews: false),
      LimitEvaluator.Verdict(message: "broken", isNews: true),
    ]
    XCTAssertEqual(machine.limitsConcluded(verdicts), [])
    _ = machine.chunkDone(first, goal: goal)
    _ = machine.chunkDone(second, goal: goal)
    XCTAssertEqual(
      machine.limitsConcluded(verdicts),
      [.storeLimits, .log(level: "Info", "held"), .log(level: "Error", "broken")])
    XCTAssertEqual(machine.limitsConcluded([]), [])
  }
}
