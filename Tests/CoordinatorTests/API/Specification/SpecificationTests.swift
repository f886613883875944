import Foundation
import Shared
import TestSupport
import XCTest

@testable import Coordinator

/// The API's description of itself: complete, and sound as a document.
final class SpecificationTests: XCTestCase {
  private var operations: [APIOperation] { Specification.areas.flatMap(\.operations) }

  func test_everyRoute_isDescribed_andNothingElse() {
    let routes = API.routes().routes.map { "\($0.method) \($0.pattern)" }
    let described = operations.filter { $0.method != "HEAD" }
      .map { "\($0.method) \($0.pattern)" }
    XCTAssertGreaterThan(routes.count, 70)
    XCTAssertEqual(routes.count, Set(routes).count, "a route is there twice")
    XCTAssertEqual(described.count, Set(described).count, "an operation is there twice")
    XCTAssertEqual(Set(routes).subtracting(described), [], "routes that are not described")
    XCTAssertEqual(Set(described).subtracting(routes), [], "operations without a route")
    for operation in operations where operation.method == "HEAD" {
      XCTAssertTrue(routes.contains("GET \(operation.pattern)"), operation.pattern)
    }
  }

  func test_operations_haveUniqueIdsAndWords() {
    XCTAssertEqual(Set(operations.map(\.id)).count, operations.count)
    for operation in operations {
      XCTAssertFalse(operation.summary.isEmpty, operation.id)
      XCTAssertFalse(operation.summary.hasSuffix("."), operation.id)
      XCTAssertTrue(operation.details.isEmpty || operation.details.hasSuffix("."), operation.id)
      let parameters = operation.pathParameters + operation.parameters
      XCTAssertEqual(Set(parameters.map(\.name)).count, parameters.count, operation.id)
      for parameter in parameters {
        XCTAssertTrue(parameter.description.hasSuffix("."), "\(operation.id) \(parameter.name)")
      }
    }
  }

  func test_references_leadSomewhere_andComponentsAreUsed() throws {
    let document = try JSONValue.parse(Specification.document)
    let references = Set(Self.references(document))
    let components = try XCTUnwrap(document["components"])
    for reference in references {
      let names = reference.split(separator: "/").map(String.init)
      XCTAssertEqual(Array(names.prefix(2)), ["#", "components"])
      XCTAssertNotNil(components[names[2]]?[names[3]], reference)
    }
    let schemas = components["schemas"]?.objectValue?.members.map(\.key) ?? []
    XCTAssertEqual(Set(schemas).count, schemas.count)
    let unused = schemas.filter { !references.contains("#/components/schemas/\($0)") }
    XCTAssertEqual(unused, [])
  }

  func test_everyPath_declaresItsParameters() throws {
    let document = try JSONValue.parse(Specification.document)
    let paths = try XCTUnwrap(document["paths"]?.objectValue)
    XCTAssertGreaterThan(paths.members.count, 60)
    for (path, item) in paths.members {
      let names = path.matches(of: /\{(\w+)\}/).map { String($0.1) }
      for (method, operation) in item.objectValue?.members ?? [] {
        let declared = (operation["parameters"]?.arrayValue ?? [])
          .filter { $0["in"]?.stringValue == "path" }
        XCTAssertEqual(
          declared.compactMap { $0["name"]?.stringValue }, names, "\(method) \(path)")
        XCTAssertTrue(
          declared.allSatisfy { $0["required"]?.boolValue == true }, "\(method) \(path)")
        let statuses = operation["responses"]?.objectValue?.members.map(\.key) ?? []
        XCTAssertTrue(statuses.contains { $0.hasPrefix("2") }, "\(method) \(path)")
        XCTAssertTrue(statuses.contains("422"), "\(method) \(path)")
      }
    }
  }

  func test_route_answersTheDocument() throws {
    let fixture = try APIFixture()
    let answer = try fixture.call("GET", "/openapi.json")
    XCTAssertEqual(answer.status, 200)
    XCTAssertEqual(answer.header("Content-Type"), "application/json")
    XCTAssertEqual(try answer.object()["openapi"]?.stringValue, "3.1.0")
    XCTAssertEqual(try fixture.call("HEAD", "/openapi.json").status, 200)
    XCTAssertEqual(try fixture.call("GET", "/openapi.json?x=1").status, 422)
  }

  func test_validator_findsNoFault() throws {
    guard (try? ChildProcess.run("python3", ["-c", "import openapi_spec_validator"])) != nil else {
      throw XCTSkip("the Python module openapi_spec_validator is not installed")
    }
    let directory = try TemporaryDirectory()
    let file = directory.file("openapi.json")
    try Data(Specification.document).write(to: URL(filePath: file))
    let script = """
      import json, sys, openapi_spec_validator
      openapi_spec_validator.validate(json.load(open(sys.argv[1])))
      print("valid")
      """
    XCTAssertEqual(try ChildProcess.run("python3", ["-c", script, file]), "valid\n")
  }

  private static func references(_ value: JSONValue) -> [String] {
    switch value {
    case .array(let elements): elements.flatMap(references)
    case .object(let object):
      object.members.flatMap { key, value in
        key == "$ref" ? [value.stringValue ?? ""] : references(value)
      }
    default: []
    }
  }
}
