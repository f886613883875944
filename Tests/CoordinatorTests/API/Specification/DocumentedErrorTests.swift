import Shared
import XCTest

@testable import Coordinator

/// Every error that the specification announces: its status, its problem, and nothing changed.
final class DocumentedErrorTests: XCTestCase {
  private var world: DescribedWorld!
  private var before: [String] = []
  private var cases = 0

  override func setUpWithError() throws {
    world = try DescribedWorld()
    before = try world.dump()
    XCTAssertGreaterThan(before.count, 30)
    cases = 0
  }

  override func tearDown() {
    world = nil
  }

  /// Checks that an answer is a problem, in the words of its kind.
  private func assertProblem(
    _ answer: Answer, _ status: Int, _ what: String, _ operation: APIOperation? = nil,
    line: UInt = #line
  ) throws {
    cases += 1
    XCTAssertEqual(answer.status, status, "\(what): \(answer.text)", line: line)
    guard answer.status == status else { return }
    XCTAssertEqual(answer.header("Content-Type"), "application/problem+json", what, line: line)
    let problem = try answer.object()
    XCTAssertEqual(problem["status"], .int(Int64(status)), what, line: line)
    for name in ["title", "detail"] {
      XCTAssertFalse(problem[name]?.stringValue?.isEmpty ?? true, "\(what) \(name)", line: line)
    }
    let kind = problem["type"]?.stringValue?.split(separator: ":").last.map(String.init)
    let known = kind.flatMap(Problem.Kind.init)
    XCTAssertNotNil(known, what, line: line)
    guard let operation, let known else { return }
    XCTAssertTrue(operation.allProblems.contains(known), "\(what) announces no \(known)")
  }

  private func assertNothingChanged(line: UInt = #line) throws {
    XCTAssertEqual(try world.dump(), before, line: line)
  }

  func test_unknownIds_are404() throws {
    for operation in world.operations {
      for place in world.parameterPlaces(operation) {
        let target = world.path(operation, unknown: place) + world.query(operation)
        try assertProblem(
          world.call(operation, target), 404, "\(operation.method) \(target)", operation)
      }
    }
    XCTAssertGreaterThan(cases, 80)
    try assertNothingChanged()
  }

  func test_badParameters_are422_andNamed() throws {
    for operation in world.operations {
      for parameter in operation.parameters where parameter.place == .query {
        guard let value = Self.badValue(parameter.schema) else { continue }
        let target = world.path(operation) + world.query(operation, parameter.name, value)
        let answer = try world.call(operation, target)
        let what = "\(operation.method) \(target)"
        try assertProblem(answer, 422, what, operation)
        XCTAssertEqual(try answer.badFields(), [parameter.name], what)
      }
    }
    XCTAssertGreaterThan(cases, 100)
    try assertNothingChanged()
  }

  /// A text that a parameter must refuse; nil if it takes any.
  private static func badValue(_ schema: Schema) -> String? {
    let json = schema.json
    switch json["type"]?.stringValue {
    case "boolean": return "yes"
    case "integer": return json["minimum"] == nil ? "1.5" : "-2"
    case "number": return "many"
    default: return json["enum"] != nil || json["pattern"] != nil ? "!" : nil
    }
  }

  func test_unknownParameters_andThoseGivenTwice_are422_andNamed() throws {
    for operation in world.operations {
      let path = world.path(operation)
      let target = path + world.query(operation, "nonsense", "1")
      let answer = try world.call(operation, target)
      try assertProblem(answer, 422, "\(operation.method) \(target)", operation)
      XCTAssertEqual(try answer.badFields(), ["nonsense"], target)
      for parameter in operation.parameters
      where parameter.place == .query && operation.method != "POST" {
        let good = parameter.schema.json["type"]?.stringValue == "boolean" ? "true" : "1"
        let twice = "\(good)&\(parameter.name)=\(good)"
        let target = path + world.query(operation, parameter.name, twice)
        let answer = try world.call(operation, target)
        try assertProblem(answer, 422, "\(operation.method) \(target)", operation)
        XCTAssertEqual(try answer.badFields().first, parameter.name, target)
      }
    }
    XCTAssertGreaterThan(cases, 150)
    try assertNothingChanged()
  }

  func test_missingParameters_are422_andNamed() throws {
    for operation in world.operations {
      for parameter in operation.parameters where parameter.isRequired {
        let target = world.path(operation)
        let answer = try world.call(operation, target)
        try assertProblem(answer, 422, "\(operation.method) \(target)", operation)
        XCTAssertEqual(try answer.badFields(), [parameter.name], target)
      }
    }
    XCTAssertGreaterThan(cases, 2)
    try assertNothingChanged()
  }

  func test_otherMethods_are405WithAllow() throws {
    let routes = Dictionary(grouping: API.routes().routes, by: \.pattern)
    for operation in world.operations {
      var allowed = Set((routes[operation.pattern] ?? []).map(\.method))
      if allowed.contains("GET") { allowed.insert("HEAD") }
      for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "X"]
      where !allowed.contains(method) {
        let what = "\(method) \(operation.pattern)"
        let answer = try world.fixture.call(method, world.path(operation))
        try assertProblem(answer, 405, what)
        XCTAssertEqual(
          answer.header("Allow"), allowed.sorted().joined(separator: ", "), what)
      }
    }
    XCTAssertGreaterThan(cases, 400)
    try assertNothingChanged()
  }
}
