import XCTest

@testable import Shared

final class AskMessageTests: XCTestCase {
  private func ask(_ question: AgentQuestion) -> AskMessage {
    AskMessage(chunk: ChunkID(7), epoch: 2, id: 9, question: question)
  }

  func test_questions_roundTrip() throws {
    for question: AgentQuestion in [
      .barrier(name: "all \"here\"", round: 3, arrived: 500),
      .metric(namespace: "User", name: "m", resource: nil),
      .metric(namespace: "User", name: "m", resource: "GET /"),
      .rows(table: "users", count: 10, recycle: true), .row(table: "users", index: 5, count: 1),
      .table(name: "users"),
    ] {
      let line = AgentMessage.ask(ask(question)).encode()
      XCTAssertEqual(try AgentMessage.decode(Array(line.dropLast())), .ask(ask(question)))
    }
  }

  func test_question_isReadableOnTheWire() throws {
    let line = #"""
      {"type":"ask","chunk":7,"epoch":2,"id":9,
       "question":{"barrier":{"name":"b","round":0,"arrived":3}}}
      """#
    XCTAssertEqual(
      try AgentMessage.decode(Array(line.utf8)),
      .ask(ask(.barrier(name: "b", round: 0, arrived: 3))))
    let unknown = #"{"type":"ask","chunk":7,"epoch":2,"id":9,"question":{"dream":{}}}"#
    XCTAssertThrowsError(try AgentMessage.decode(Array(unknown.utf8))) {
      guard case .malformed? = $0 as? MessageError else { return XCTFail("\($0)") }
    }
  }

  func test_answers_roundTrip_failuresAsError() throws {
    for answer: AgentAnswer in [
      .released, .metric(json: nil), .metric(json: "{\"count\":1}"),
      .rows(first: 3, rows: [["a", "b,\n\"c\""]], end: false),
      .rows(first: 3, rows: [], end: true), .table(columns: ["x", "y"], rows: 12),
      .failed("there is no data table 'x'"),
    ] {
      let message = AnswerMessage(chunk: ChunkID(7), epoch: 2, id: 9, answer: answer)
      let line = CoordinatorMessage.answer(message).encode()
      guard case .answer(let read) = try CoordinatorMessage.decode(Array(line.dropLast())) else {
        return XCTFail("no answer")
      }
      XCTAssertEqual(read.answer, answer)
      XCTAssertEqual(read.error == nil, read.result != nil)
    }
  }

  func test_event_roundTrips() throws {
    let event = EventMessage(
      chunk: ChunkID(7), epoch: 2, eventId: 4, name: "load-url", contents: "\"https://x/\"")
    let line = CoordinatorMessage.event(event).encode()
    XCTAssertEqual(try CoordinatorMessage.decode(Array(line.dropLast())), .event(event))
  }
}
