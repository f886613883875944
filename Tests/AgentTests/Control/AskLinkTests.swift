import Foundation
import Shared
import TestSupport
import XCTest

@testable import Agent

/// Questions and events between an engine thread and a coordinator played by the test.
final class AskLinkTests: XCTestCase {
  /// What came to the run on its engine thread.
  ///
  /// `@unchecked Sendable`: guarded by `condition`.
  private final class Inbox: @unchecked Sendable {
    private let condition = NSCondition()
    private var lines: [String] = []

    func add(_ line: String) {
      condition.withLock {
        lines.append(line)
        condition.broadcast()
      }
    }

    /// Waits until so many lines have come, and returns all.
    func lines(_ count: Int) throws -> [String] {
      let deadline = Date(timeIntervalSinceNow: 30)
      condition.lock()
      defer { condition.unlock() }
      while lines.count < count {
        guard condition.wait(until: deadline) else {
          throw TestFailure("\(count) lines wanted, came: \(lines)")
        }
      }
      return lines
    }
  }

  /// An agent of one engine thread, whose run a test can speak for.
  private final class Fixture {
    let coordinator: FakeCoordinator
    let engine: EngineThread
    let inbox = Inbox()
    let key: LeaseKey
    private let link: CoordinatorLink
    private let loop: EventLoop
    private let directory: TemporaryDirectory

    /// The link, once there is one; written before the engine starts.
    private final class Box: @unchecked Sendable {
      var link: CoordinatorLink?
    }

    init(clients: Int = 2, sleepMs: Int = 60_000, heartbeatMs: Int = 100) throws {
      coordinator = try FakeCoordinator(heartbeatMs: heartbeatMs)
      directory = try TemporaryDirectory()
      let loop = try EventLoop(name: "link")
      let box = Box()
      let engine = try EngineThread(index: 0) { index, event in
        loop.execute { box.link?.take(event, from: index) }
      }
      let link = CoordinatorLink(
        settings: .init(
          coordinator: coordinator.address, region: "r", name: "n", capacity: 10, labels: [:]),
        identity: try AgentIdentity(directory: directory.path), loop: loop, engines: [engine])
      box.link = link
      (self.loop, self.link, self.engine) = (loop, link, engine)
      var lease = Lease.forTests(clients: clients)
      lease.script.content = #"{"steps":[{"sleepMs":\#(sleepMs)}]}"#
      key = LeaseKey(chunk: lease.chunk, epoch: lease.epoch)
      engine.start()
      loop.start()
      loop.execute { link.start() }
      _ = try coordinator.join()
      coordinator.welcome()
      coordinator.send(.grant(GrantMessage(lease: lease)))
      _ = try coordinator.granted()
      let (run, received) = (self.key, self.inbox)
      engine.execute {
        $0.runs[run]?.onAnswer = { received.add("\($0) \($1)") }
        $0.runs[run]?.onEvent = { received.add("\($0) \($1)") }
      }
      coordinator.send(
        .begin(
          BeginMessage(
            chunk: lease.chunk, epoch: lease.epoch, startAtMicros: Clock.wallMicros())))
    }

    deinit {
      engine.stop()
      loop.stop()
    }

    func ask(_ id: Int64, _ question: AgentQuestion) {
      let key = key
      engine.execute { engine in
        guard let run = engine.runs[key] else { return }
        engine.ask(run, id: id, question)
      }
    }

    func answer(_ id: Int64, _ answer: AgentAnswer) {
      coordinator.send(
        .answer(AnswerMessage(chunk: key.chunk, epoch: key.epoch, id: id, answer: answer)))
    }

    func event(_ id: Int64, _ name: String) {
      coordinator.send(
        .event(
          EventMessage(
            chunk: key.chunk, epoch: key.epoch, eventId: id, name: name, contents: "{}")))
    }

    func asked(_ occurrence: Int = 1) throws -> AskMessage {
      try coordinator.next("ask", occurrence: occurrence) {
        if case .message(.ask(let ask)) = $0 { ask } else { nil }
      }
    }

    /// Cuts the link and resumes the run on the next one.
    func reconnect(_ join: Int) throws {
      coordinator.cutLink()
      _ = try coordinator.join(join)
      coordinator.welcome([
        ResumeAnswer(chunk: key.chunk, epoch: key.epoch, nextSeq: 1, mode: .run)
      ])
    }
  }

  func test_question_goesToTheCoordinator_andItsAnswerBack() throws {
    let fixture = try Fixture()
    let question = AgentQuestion.metric(namespace: "User", name: "m", resource: "GET /")
    fixture.ask(41, question)
    let ask = try fixture.asked()
    XCTAssertEqual(ask.question, question)
    XCTAssertEqual(LeaseKey(chunk: ask.chunk, epoch: ask.epoch), fixture.key)
    fixture.answer(ask.id, .metric(json: "7"))
    let answer = AgentAnswer.metric(json: "7")
    XCTAssertEqual(try fixture.inbox.lines(1), ["41 \(answer)"])
  }

  func test_openQuestion_isAskedAgainOnANewLink_answeredOnesAreNot() throws {
    let fixture = try Fixture()
    fixture.ask(1, .table(name: "a"))
    fixture.answer(try fixture.asked().id, .failed("no table a"))
    _ = try fixture.inbox.lines(1)
    fixture.ask(2, .barrier(name: "b", round: 0, arrived: 2))
    let before = try fixture.asked(2)
    try fixture.reconnect(2)
    let again = try fixture.asked(3)
    XCTAssertEqual(again, before)
    fixture.answer(again.id, .released)
    fixture.answer(again.id, .released)
    fixture.ask(3, .table(name: "c"))
    fixture.answer(try fixture.asked(4).id, .failed("no table c"))
    XCTAssertEqual(
      try fixture.inbox.lines(3),
      [
        "1 \(AgentAnswer.failed("no table a"))", "2 \(AgentAnswer.released)",
        "3 \(AgentAnswer.failed("no table c"))",
      ])
  }

  func test_questionWhileTheLinkIsDown_isAskedOnceItIsUp() throws {
    let fixture = try Fixture()
    fixture.coordinator.cutLink()
    _ = try fixture.coordinator.join(2)
    // Not welcome yet: nothing but a join may be said.
    fixture.ask(5, .table(name: "t"))
    fixture.coordinator.welcome([
      ResumeAnswer(chunk: fixture.key.chunk, epoch: fixture.key.epoch, nextSeq: 1, mode: .run)
    ])
    XCTAssertEqual(try fixture.asked().question, .table(name: "t"))
  }

  func test_event_comesOnce_alsoWhenItIsRepeatedOnANewLink() throws {
    let fixture = try Fixture()
    fixture.event(1, "a")
    fixture.event(2, "b")
    _ = try fixture.inbox.lines(2)
    try fixture.reconnect(2)
    for (id, name) in [(1, "a"), (2, "b"), (3, "c"), (3, "c"), (4, "d")] {
      fixture.event(Int64(id), name)
    }
    XCTAssertEqual(try fixture.inbox.lines(4), ["a {}", "b {}", "c {}", "d {}"])
  }

  func test_clientsThatEnd_areToldAtOnce() throws {
    // The next regular heartbeat would come too late for this test.
    let fixture = try Fixture(clients: 2, sleepMs: 1, heartbeatMs: 60_000)
    let ended = try fixture.coordinator.next("heartbeat with both ended") {
      (item) -> LeaseProgress? in
      guard case .message(.heartbeat(let heartbeat)) = item,
        let lease = heartbeat.leases.first, lease.ended == 2
      else { return nil }
      return lease
    }
    XCTAssertEqual(ended.active, 0)
  }
}
