import Shared
import XCTest

@testable import Coordinator

/// Every way in which the specification lets a body be wrong, and states that allow no change.
final class DocumentedBodyErrorTests: XCTestCase {
  private var world: DescribedWorld!

  override func setUpWithError() throws { world = try DescribedWorld() }

  private var operations: [(operation: APIOperation, body: JSONObject)] {
    world.operations.compactMap { operation in world.body(operation).map { (operation, $0) } }
  }

  override func tearDown() {
    world = nil
  }

  private func call(_ operation: APIOperation, _ body: JSONObject) throws -> Answer {
    try world.fixture.call(
      operation.method, world.path(operation), JSONValue.object(body).text)
  }

  /// The schema of an operation's JSON, looked up among the components.
  private func schema(_ operation: APIOperation) throws -> JSONObject {
    let content = try XCTUnwrap(operation.body?.types.first { $0.type == "application/json" })
    let reference = content.schema.json["$ref"]?.stringValue ?? ""
    let name = reference.split(separator: "/").last.map(String.init)
    return try XCTUnwrap(Specification.schemas.first { $0.name == name }?.schema.json, reference)
  }

  private func assertNames(
    _ answer: Answer, _ name: String, _ operation: APIOperation, line: UInt = #line
  ) throws {
    XCTAssertEqual(answer.status, 422, "\(operation.id) \(name): \(answer.text)", line: line)
    guard answer.status == 422 else { return }
    let fields = try answer.badFields()
    XCTAssertTrue(
      fields.contains { $0 == name || $0.hasPrefix("\(name).") || $0.hasPrefix("\(name)[") },
      "\(operation.id) \(name): \(fields)", line: line)
  }

  func test_everyBody_isCheckedMemberByMember() throws {
    let before = try world.dump()
    var members = 0
    XCTAssertEqual(operations.count, 9)
    for (operation, body) in operations {
      let schema = try schema(operation)
      for required in schema["required"]?.arrayValue ?? [] {
        let name = try XCTUnwrap(required.stringValue)
        var less = body
        less[name] = nil
        try assertNames(try call(operation, less), name, operation)
      }
      for (name, value) in body.members {
        let member = schema["properties"]?.objectValue?[name]?.objectValue
        XCTAssertNotNil(member, "\(operation.id) does not describe \(name)")
        guard let member, member.members.contains(where: { $0.key != "description" }) else {
          continue
        }
        var wrong = body
        wrong[name] = value.arrayValue == nil ? .array([]) : .int(7)
        try assertNames(try call(operation, wrong), name, operation)
        members += 1
      }
      var more = body
      more["nonsense"] = .int(1)
      let answer = try call(operation, more)
      XCTAssertEqual(answer.status, 422)
      XCTAssertEqual(try answer.badFields(), ["nonsense"], operation.id)
    }
    XCTAssertGreaterThan(members, 35)
    XCTAssertEqual(try world.dump(), before)
  }

  func test_everyBody_mustBeJSON_ofItsType_andNotTooLong() throws {
    let before = try world.dump()
    for (operation, body) in operations {
      let target = world.path(operation)
      for (text, status) in [
        ("{", 400), ("", 400), ("{\"a\":}", 400), ("[]", 422), ("7", 422), ("null", 422),
      ] {
        let answer = try world.fixture.call(operation.method, target, text)
        XCTAssertEqual(answer.status, status, "\(operation.id) \(text)")
        XCTAssertEqual(answer.header("Content-Type"), "application/problem+json")
      }
      var request = HTTPRequest(
        operation.method, target, headers: [(name: "Content-Type", value: "application/xml")],
        body: JSONValue.object(body).text)
      XCTAssertEqual(world.fixture.api.handle(request).status, 415, operation.id)
      request.headers = []
      request.bodyIsTooLarge = true
      XCTAssertEqual(world.fixture.api.handle(request).status, 413, operation.id)
    }
    XCTAssertEqual(try world.dump(), before)
  }

  func test_wrongStates_are409() throws {
    let id = world.execution
    _ = try world.fixture.call("POST", "/regions", #"{"name":"here"}"#)
    let before = try world.dump()
    let refused = [
      ("DELETE", "/scripts/1", ""), ("DELETE", "/test-confs/1", ""),
      ("POST", "/regions", #"{"name":"here"}"#), ("DELETE", "/executions/\(id)", ""),
      ("POST", "/executions/\(id)/send-event", #"{"name":"x"}"#),
    ]
    for (method, target, body) in refused {
      let answer = try world.fixture.call(method, target, body)
      XCTAssertEqual(answer.status, 409, "\(method) \(target): \(answer.text)")
      XCTAssertEqual(answer.header("Content-Type"), "application/problem+json")
      XCTAssertEqual(try answer.object()["status"], .int(409))
      XCTAssertFalse(try answer.object()["detail"]?.stringValue?.isEmpty ?? true)
    }
    XCTAssertEqual(try world.dump(), before)
    _ = try world.fixture.call("PATCH", "/executions/\(id)/start")
    let many = try world.fixture.call(
      "POST", "/executions/\(id)/send-event", #"{"name":"one too many"}"#)
    XCTAssertEqual(many.status, 429)
    XCTAssertEqual(try many.object()["type"], .string("urn:throng:problem:too-many-requests"))
  }
}
