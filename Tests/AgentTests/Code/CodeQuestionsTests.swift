import Shared
import XCTest

@testable import Agent

final class CodeQuestionsTests: XCTestCase {
  private var questions = CodeQuestions(random: ScriptRandom(seed: 1, client: 0))

  private func waiter(_ slot: Int, _ operation: Int32 = 1) -> CodeWaiter {
    CodeWaiter(slot: slot, operation: operation)
  }

  private func arrive(_ slot: Int, _ operation: Int32 = 1, at name: String = "b") {
    let actions = questions.asked(
      waiter(slot, operation), kind: "barrier", details: #"{"name":"\#(name)"}"#)
    XCTAssertEqual(actions, [])
  }

  private func barrier(_ round: Int, _ arrived: Int, _ name: String = "b") -> AgentQuestion {
    .barrier(name: name, round: round, arrived: arrived)
  }

  func test_arrivals_areToldOncePerTurn() {
    arrive(0)
    arrive(1)
    arrive(0, 2, at: "a")
    XCTAssertEqual(
      questions.takeArrivals(), [.ask(id: 2, barrier(0, 1, "a")), .ask(id: 1, barrier(0, 2))])
    XCTAssertEqual(questions.takeArrivals(), [])
    arrive(2)
    XCTAssertEqual(questions.takeArrivals(), [.ask(id: 1, barrier(0, 3))])
  }

  func test_release_letsEveryClientGoOn_once() {
    arrive(0, 7)
    arrive(2, 9)
    _ = questions.takeArrivals()
    XCTAssertEqual(
      questions.answered(1, .released),
      [.answer(waiter(0, 7), .json("")), .answer(waiter(2, 9), .json(""))])
    XCTAssertEqual(questions.answered(1, .released), [])
    arrive(0, 8)
    XCTAssertEqual(questions.takeArrivals(), [.ask(id: 2, barrier(1, 1))])
  }

  func test_clientThatLeaves_isTakenOff_andHearsNothing() {
    arrive(0)
    arrive(1)
    _ = questions.takeArrivals()
    questions.left(slot: 1)
    XCTAssertEqual(questions.takeArrivals(), [.ask(id: 1, barrier(0, 1))])
    questions.left(slot: 1)
    XCTAssertEqual(questions.takeArrivals(), [])
    XCTAssertEqual(questions.answered(1, .released), [.answer(waiter(0), .json(""))])
    // It has not been there: it is waited for in that round.
    arrive(1, 4)
    XCTAssertEqual(questions.takeArrivals(), [.ask(id: 2, barrier(0, 1))])
  }

  func test_barrierThatIsRefused_failsThoseWhoWait() {
    arrive(3)
    _ = questions.takeArrivals()
    XCTAssertEqual(
      questions.answered(1, .failed("too many")), [.answer(waiter(3), .failed("too many"))])
  }

  func test_sameMetric_isAskedForOnce_andAnewAfterwards() {
    let details = #"{"namespace":"User","name":"orders","resource":null}"#
    let question = AgentQuestion.metric(namespace: "User", name: "orders", resource: nil)
    func ask(_ slot: Int) -> [CodeQuestions.Action] {
      questions.asked(waiter(slot), kind: "metric", details: details)
    }
    XCTAssertEqual(ask(0), [.ask(id: 1, question)])
    XCTAssertEqual(ask(1), [])
    XCTAssertEqual(ask(2), [])
    questions.left(slot: 1)
    XCTAssertEqual(
      questions.answered(1, .metric(json: "5")),
      [.answer(waiter(0), .json("5")), .answer(waiter(2), .json("5"))])
    XCTAssertEqual(ask(1), [.ask(id: 2, question)])
    XCTAssertEqual(
      questions.answered(2, .metric(json: nil)), [.answer(waiter(1), .json(""))])
  }

  func test_resource_isPartOfTheQuestion() {
    XCTAssertEqual(
      questions.asked(
        waiter(0), kind: "metric",
        details: #"{"namespace":"Testable","name":"success","resource":"GET /"}"#),
      [.ask(id: 1, .metric(namespace: "Testable", name: "success", resource: "GET /"))])
    XCTAssertEqual(
      questions.answered(1, .released),
      [.answer(waiter(0), .failed("the answer does not fit the question"))])
  }

  func test_badQuestions_areAnsweredAtOnce() {
    for (kind, details, text) in [
      ("what", "{}", "there is no question 'what'"),
      ("row", #"{"table":"t","index":null}"#, "data table 't': a row is a whole number from 0"),
      ("row", #"{"table":"t","index":1.5}"#, "data table 't': a row is a whole number from 0"),
      (
        "nextRow", #"{"table":"t","atEnd":"explode"}"#,
        "data table 't': atEnd is 'recycle' or 'stop'"
      ),
    ] {
      XCTAssertEqual(
        questions.asked(waiter(0), kind: kind, details: details),
        [.answer(waiter(0), .failed(text))])
    }
  }

  func test_tableQuestions_areNumbered() {
    let details = #"{"table":"t","atEnd":"stop"}"#
    XCTAssertEqual(
      questions.asked(waiter(4), kind: "nextRow", details: details),
      [.ask(id: 1, .table(name: "t"))])
    XCTAssertEqual(
      questions.answered(1, .table(columns: ["a"], rows: 2)),
      [.ask(id: 2, .rows(table: "t", count: 1, recycle: false))])
    XCTAssertEqual(
      questions.answered(2, .rows(first: 0, rows: [["x"]], end: false)),
      [.answer(waiter(4), .json(#"{"a":"x"}"#))])
  }
}
