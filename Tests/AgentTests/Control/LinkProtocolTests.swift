import Foundation
import Shared
import TestSupport
import XCTest

@testable import Agent

/// A whole agent against a coordinator played by the test.
final class LinkProtocolTests: XCTestCase {
  private var agents: [AgentRuntime] = []
  private var directories: [TemporaryDirectory] = []

  override func tearDown() {
    for agent in agents { agent.drain(graceSecs: 0) {} }
    agents = []
    directories = []
  }

  private func start(
    _ coordinator: FakeCoordinator, capacity: Int = 10, _ refused: XCTestExpectation? = nil
  ) throws -> AgentRuntime {
    let directory = try TemporaryDirectory()
    directories.append(directory)
    let agent = try AgentRuntime(
      options: .init(
        coordinator: coordinator.address, region: "north", name: "one", capacity: capacity,
        stateDirectory: directory.path, engineThreads: 2))
    try agent.start(onRefused: { _, _ in refused?.fulfill() })
    agents.append(agent)
    return agent
  }

  private func lease(iterations: Int, clients: Int = 3, sleepMs: Int = 1) -> Lease {
    var lease = Lease.forTests(clients: clients)
    lease.goal = LoadGoal(iterations: iterations, durationSecs: nil)
    lease.script = ScriptPayload(kind: .steps, content: #"{"steps":[{"sleepMs":\#(sleepMs)}]}"#)
    return lease
  }

  private func begin(_ coordinator: FakeCoordinator, _ lease: Lease) throws {
    coordinator.send(.grant(GrantMessage(lease: lease)))
    XCTAssertNil(try coordinator.granted().refusal)
    coordinator.send(
      .begin(
        BeginMessage(
          chunk: lease.chunk, epoch: lease.epoch, startAtMicros: Clock.wallMicros())))
  }

  /// Everything that `done` promises about the batches before it.
  private func check(_ done: DoneMessage, against results: [ResultBatchCodec.Decoded]) {
    var bySeq: [Int: ResultBatchCodec.Decoded] = [:]
    for result in results { bySeq[result.key.seq] = result }
    XCTAssertEqual(bySeq.keys.sorted(), Array(1...max(1, done.finalSeq)))
    var digest: UInt32 = 0
    for seq in bySeq.keys.sorted() { digest = CRC32C.extend(digest, with: bySeq[seq]?.crc ?? 0) }
    XCTAssertEqual(done.digest, digest)
    XCTAssertEqual(
      done.iterations, bySeq.values.reduce(0) { $0 + Int64($1.batch.iterations.count) })
  }

  func test_chunk_fromGrantToDone() throws {
    let coordinator = try FakeCoordinator()
    _ = try start(coordinator)
    let join = try coordinator.join()
    XCTAssertEqual(join.region, "north")
    XCTAssertEqual(join.capacity, 10)
    XCTAssertEqual(join.bootNo, 1)
    XCTAssertEqual(join.resume, [])
    coordinator.welcome()
    try begin(coordinator, lease(iterations: 4))
    let done = try coordinator.done()
    XCTAssertEqual(done.iterations, 12)
    check(done, against: coordinator.allResults)
    let rows = coordinator.allResults.flatMap(\.batch.iterations)
    XCTAssertEqual(Set(rows.map { $0.client * 10 + $0.iteration }).count, 12)
  }

  func test_linkCut_runGoesOn_andOnlyWhatIsMissingIsSentAgain() throws {
    let coordinator = try FakeCoordinator()
    _ = try start(coordinator)
    _ = try coordinator.join()
    coordinator.welcome()
    let lease = lease(iterations: 40, sleepMs: 50)
    try begin(coordinator, lease)
    _ = try coordinator.results(2)
    coordinator.cutLink()
    let rejoin = try coordinator.join(2)
    XCTAssertEqual(rejoin.resume, [LeaseCursor(chunk: ChunkID(1), epoch: 1, nextSeq: 1)])
    let before = coordinator.allResults.count
    coordinator.welcome([ResumeAnswer(chunk: ChunkID(1), epoch: 1, nextSeq: 3, mode: .run)])
    // The window of four batches is full from here on; `done` comes only behind the rest.
    _ = try coordinator.results(before + 4)
    // How many more there are depends on how fast the machine is.
    coordinator.acknowledgeResults()
    coordinator.send(.ack(AckMessage(chunk: ChunkID(1), epoch: 1, upTo: 6)))
    let done = try coordinator.done()
    XCTAssertEqual(done.iterations, 120)
    check(done, against: coordinator.allResults)
    XCTAssertEqual(
      coordinator.allResults.dropFirst(before).map(\.key.seq), Array(3...done.finalSeq))
  }

  func test_doneWithoutAnswer_isSaidAgainAfterAReconnect() throws {
    let coordinator = try FakeCoordinator()
    _ = try start(coordinator)
    _ = try coordinator.join()
    coordinator.welcome()
    try begin(coordinator, lease(iterations: 1))
    let done = try coordinator.done()
    coordinator.cutLink()
    _ = try coordinator.join(2)
    coordinator.welcome([
      ResumeAnswer(chunk: ChunkID(1), epoch: 1, nextSeq: done.finalSeq + 1, mode: .run)
    ])
    XCTAssertEqual(try coordinator.done(2), done)
    coordinator.send(.doneAck(DoneAckMessage(chunk: ChunkID(1), epoch: 1)))
    coordinator.cutLink()
    XCTAssertEqual(try coordinator.join(3).resume, [])
  }

  func test_missingBatch_isSentAgain() throws {
    let coordinator = try FakeCoordinator()
    _ = try start(coordinator)
    _ = try coordinator.join()
    coordinator.welcome()
    try begin(coordinator, lease(iterations: 1))
    let done = try coordinator.done()
    let before = coordinator.allResults.count
    coordinator.send(
      .nack(NackMessage(chunk: ChunkID(1), epoch: 1, code: .expected, expected: 1)))
    XCTAssertEqual(try coordinator.results(before + 1).key.seq, 1)
    check(done, against: coordinator.allResults)
  }

  func test_silentCoordinator_isConnectedToAnew() throws {
    let coordinator = try FakeCoordinator(leaseTtlMs: 600)
    _ = try start(coordinator)
    _ = try coordinator.join()
    coordinator.fallSilent()
    coordinator.welcome()
    XCTAssertEqual(try coordinator.join(2).bootNo, 1)
  }

  func test_leaseThatIsNotRenewed_startsNothingMore() throws {
    let coordinator = try FakeCoordinator(leaseTtlMs: 10_000)
    _ = try start(coordinator)
    _ = try coordinator.join()
    coordinator.fallSilent()
    coordinator.welcome()
    var lease = lease(iterations: 1_000_000)
    lease.ttlMs = 300
    try begin(coordinator, lease)
    // The first batch closes half a second after its first row: the lease has lapsed by then.
    _ = try coordinator.results()
    coordinator.send(.stop(StopMessage(chunk: ChunkID(1), epoch: 1, graceSecs: 0)))
    let done = try coordinator.done()
    let rows = coordinator.allResults.flatMap(\.batch.iterations).map(\.startedAtMicros).sorted()
    let span = (rows.last ?? 0) - (rows.first ?? 0)
    XCTAssertLessThan(span, 400_000, "nothing was begun after the lease had lapsed")
    check(done, against: coordinator.allResults)
  }

  func test_whatCannotBeRun_isRefusedWithAReason() throws {
    let coordinator = try FakeCoordinator()
    _ = try start(coordinator)
    _ = try coordinator.join()
    coordinator.welcome()
    var code = lease(iterations: 1)
    code.script = ScriptPayload(kind: .code, content: "export default () => {}")
    coordinator.send(.grant(GrantMessage(lease: code)))
    XCTAssertEqual(try coordinator.granted().refusal?.contains("not compiled"), true)
    coordinator.send(.grant(GrantMessage(lease: lease(iterations: 1, clients: 11))))
    XCTAssertEqual(try coordinator.granted(2).refusal?.contains("11 clients"), true)
    var bad = lease(iterations: 1)
    bad.script.content = #"{"steps":[{"request":{}}]}"#
    coordinator.send(.grant(GrantMessage(lease: bad)))
    XCTAssertEqual(try coordinator.granted(3).refusal?.contains("steps[0].request.url"), true)
  }

  func test_noCommonVersion_isReported() throws {
    let coordinator = try FakeCoordinator(protocolMin: 99)
    let refused = expectation(description: "refused")
    refused.assertForOverFulfill = false
    _ = try start(coordinator, refused)
    wait(for: [refused], timeout: 30)
  }

  func test_drain_endsRuns_uploadsEverything_thenCompletes() throws {
    let coordinator = try FakeCoordinator()
    let agent = try start(coordinator)
    _ = try coordinator.join()
    coordinator.welcome()
    try begin(coordinator, lease(iterations: 1_000_000))
    let first = try coordinator.results()
    // Room in the window for what the end brings.
    coordinator.send(.ack(AckMessage(chunk: ChunkID(1), epoch: 1, upTo: first.key.seq)))
    let drained = expectation(description: "drained")
    agent.drain { drained.fulfill() }
    agents = []
    let done = try coordinator.done()
    XCTAssertGreaterThan(agent.unsentBatches(), 0)
    check(done, against: coordinator.allResults)
    coordinator.send(.ack(AckMessage(chunk: ChunkID(1), epoch: 1, upTo: done.finalSeq)))
    wait(for: [drained], timeout: 30)
  }

  func test_secondAgentInOneDirectory_isRefused() throws {
    let coordinator = try FakeCoordinator()
    let directory = try TemporaryDirectory()
    let options = AgentRuntime.Options(
      coordinator: coordinator.address, region: "r", name: "n", capacity: 1,
      stateDirectory: directory.path, engineThreads: 1)
    let first = try AgentRuntime(options: options)
    XCTAssertThrowsError(try AgentRuntime(options: options)) {
      XCTAssertTrue("\($0)".contains(directory.path), "\($0)")
    }
    withExtendedLifetime(first) {}
  }
}
