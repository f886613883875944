import Foundation
import Shared
import TestSupport
import XCTest

/// What the specification says of answers is what a real coordinator answers.
final class DescribedAnswersTests: XCTestCase {
  private var executions: DescribedExecutions!
  private var recorder: AnswerRecorder!

  override func tearDown() {
    recorder = nil
    executions = nil
  }

  private func prepare() throws {
    for module in ["jsonschema", "referencing"] where !AnswerRecorder.has(module) {
      throw XCTSkip("the Python module \(module) is not installed")
    }
    executions = try DescribedExecutions()
    recorder = try AnswerRecorder(executions.cluster.http)
    _ = try recorder.ask(
      recorder.operation("createDataTable"), "/data-tables?name=users", body: "a,b\n1,2\n",
      headers: ["Content-Type": "text/csv"])
  }

  /// A path with ids in it; nil when there is no such thing.
  private func target(_ operation: AnswerRecorder.Operation, _ ids: [String: String]) -> String? {
    var path = ""
    let pieces = operation.path.split(separator: "/").map(String.init)
    for (index, piece) in pieces.enumerated() {
      guard piece.hasPrefix("{") else {
        path += "/\(piece)"
        continue
      }
      let previous = pieces[index - 1]
      let key = previous == "regions" && index > 1 ? "execution regions" : previous
      guard let id = ids[key] else { return nil }
      path += "/\(id)\(piece.drop { $0 != "." })"
    }
    return path
  }

  /// What must be asked along.
  private func required(_ operation: AnswerRecorder.Operation) -> [String] {
    switch operation.id {
    case let id where id.hasPrefix("getMetric"): ["name=firstReceivedMs"]
    case "compareExecutions", "downloadComparison":
      ["ids=\(executions.finished.id),\(executions.running.id)"]
    default: []
    }
  }

  /// Queries that turn everything around that the operation says it has.
  private func queries(_ operation: AnswerRecorder.Operation) -> [String] {
    let required = required(operation)
    var all = [required]
    var flags: [String] = []
    for parameter in operation.parameters("query") {
      let name = parameter["name"]?.stringValue ?? ""
      if let standard = parameter["schema"]?["default"]?.boolValue {
        flags.append("\(name)=\(!standard)")
      }
      for choice in parameter["schema"]?["enum"]?.arrayValue ?? [] {
        all.append(required + ["\(name)=\(choice.stringValue ?? "")"])
      }
      if name == "limit" { all.append(required + ["limit=1", "offset=1"]) }
    }
    if !flags.isEmpty { all.append(required + flags) }
    return all.map { $0.isEmpty ? "" : "?" + $0.joined(separator: "&") }
  }

  private func askEverything(of execution: Execution, canStream: Bool) throws {
    let ids = try executions.ids(of: execution)
    for operation in recorder.operations where ["GET", "HEAD"].contains(operation.method) {
      guard let path = target(operation, ids) else { continue }
      // It goes on until the execution ends.
      if operation.id == "streamExecution", !canStream { continue }
      for query in queries(operation) { try recorder.ask(operation, path + query) }
    }
    // What there is none of.
    for operation in recorder.operations where operation.method == "GET" {
      let nothing = ids.mapValues { _ in "98765" }
      guard operation.path.contains("{"), let path = target(operation, nothing) else { continue }
      let answer = try recorder.ask(operation, path + queries(operation)[0])
      XCTAssertEqual(answer.status, 404, path)
    }
  }

  func test_everyAnswer_isAsDescribed() throws {
    try prepare()
    try askEverything(of: executions.finished, canStream: true)
    try askEverything(of: executions.running, canStream: false)
    try askEverything(of: executions.waiting, canStream: false)
    try changeThings()
    try controlExecutions()
    let (faults, count) = try recorder.check()
    XCTAssertGreaterThan(count, 300)
    XCTAssertEqual(faults, [])
    let silent = Set(recorder.operations.map(\.id)).subtracting(recorder.succeeded)
    XCTAssertEqual(silent, [], "operations that were never asked with success")
    XCTAssertTrue(executions.cluster.coordinator.process.isRunning)
  }

  /// Adds, replaces and deletes with the examples of the document.
  private func changeThings() throws {
    for (create, update, delete) in [
      ("createScript", "updateScript", "deleteScript"),
      ("createTestConf", "updateTestConf", "deleteTestConf"),
      ("createDataTable", nil, "deleteDataTable"), ("createRegion", nil, nil),
    ] {
      let operation = try recorder.operation(create)
      var example = try XCTUnwrap(operation.example, create)
      if create == "createRegion" { example["name"] = .string("moon") }
      let body = JSONValue.object(example).text
      let made = try recorder.ask(operation, operation.path, body: body)
      XCTAssertEqual(made.status, 201, "\(create): \(made.text)")
      let path = try XCTUnwrap(made.headers["location"])
      if let update {
        let answer = try recorder.ask(recorder.operation(update), path, body: body)
        XCTAssertEqual(answer.status, 200, update)
      }
      if let delete {
        XCTAssertEqual(try recorder.ask(recorder.operation(delete), path).status, 200, delete)
      }
      XCTAssertEqual(try recorder.ask(operation, operation.path, body: "{").status, 400)
      XCTAssertEqual(try recorder.ask(operation, operation.path, body: "{}").status, 422)
      let other = try recorder.ask(
        operation, operation.path, body: body, headers: ["Content-Type": "text/html"])
      XCTAssertEqual(other.status, 415)
    }
  }

  private func ask(
    _ id: String, _ execution: Execution, _ body: String? = nil, expect: Int
  ) throws {
    let operation = try recorder.operation(id)
    let path = operation.path.replacing("{id}", with: String(execution.id))
    let answer = try recorder.ask(operation, path, body: body)
    XCTAssertEqual(answer.status, expect, "\(operation.method) \(path): \(answer.text)")
  }

  /// From the beginning to the end, with what is refused on the way.
  private func controlExecutions() throws {
    let start = try recorder.operation("startAtOnce")
    let body = JSONValue.object(try XCTUnwrap(start.example)).text
    let answer = try recorder.ask(start, "/start", body: body)
    XCTAssertEqual(answer.status, 201, answer.text)
    let made = Execution(
      id: try XCTUnwrap(answer.json()["id"]?.intValue), coordinator: executions.cluster.coordinator)
    try ask("stopExecution", made, expect: 200)
    let again = try recorder.operation("createExecution")
    let conf = try XCTUnwrap(made.get()["testConf"]?["id"]?.intValue)
    let second = try recorder.ask(again, "/test-confs/\(conf)/executions")
    XCTAssertEqual(second.status, 201, second.text)
    let (waiting, running) = (executions.waiting, executions.running)
    for id in ["startExecution", "manualStartExecution", "startExecutionByPut"] {
      try ask(id, waiting, expect: 200)
    }
    try ask("manualStartExecutionByPut", waiting, expect: 200)
    let event = #"{"name":"hello","contents":{"a":1}}"#
    try ask("sendEvent", running, event, expect: 200)
    try ask("extendExecution", running, #"{"newDuration":500}"#, expect: 200)
    try ask("extendExecution", running, #"{"newIterations":5}"#, expect: 422)
    try ask("deleteExecution", running, expect: 409)
    try ask("stopExecutionByPut", running, expect: 200)
    try running.waitUntilCompleted()
    try ask("startExecution", running, expect: 409)
    try ask("stopExecution", running, expect: 409)
    try ask("sendEvent", running, event, expect: 409)
    try ask("extendExecution", running, #"{"newDuration":700}"#, expect: 409)
    try acceptBaseline()
    try ask("deleteExecution", running, expect: 200)
    try ask("headExecution", running, expect: 404)
  }

  /// Makes an image the baseline, and deletes that.
  private func acceptBaseline() throws {
    let files = try executions.finished.get("/output-files?contentType=image%2Fpng")
    let file = try XCTUnwrap(files[0]?["id"]?.intValue)
    try recorder.ask(
      recorder.operation("acceptBaseline"), "/output-files/\(file)/accept-baseline")
    guard let id = try executions.ids(of: executions.finished)["data-stores"] else { return }
    try recorder.ask(recorder.operation("deleteDataStore"), "/data-stores/\(id)")
  }
}
