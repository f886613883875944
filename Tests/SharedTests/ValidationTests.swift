import XCTest

@testable import Shared

final class ValidationTests: XCTestCase {
  private func reader(_ text: String, path: String = "") throws -> FieldReader {
    let object = try XCTUnwrap(JSONValue.parse(text: text).objectValue)
    return FieldReader(object, path: path)
  }

  func test_goodFields_areReadWithoutErrors() throws {
    var reader = try reader(
      #"{"s":"x","i":3,"whole":4.0,"d":1.5,"b":true,"o":{"k":1},"a":[1],"v":null}"#)
    XCTAssertEqual(reader.string("s", required: true, maxLength: 1), "x")
    XCTAssertEqual(reader.int("i", range: 1...3), 3)
    XCTAssertEqual(reader.int("whole"), 4)
    XCTAssertEqual(reader.double("d", range: 0...2), 1.5)
    XCTAssertEqual(reader.bool("b"), true)
    XCTAssertEqual(reader.object("o"), ["k": .int(1)])
    XCTAssertEqual(reader.array("a"), [.int(1)])
    XCTAssertEqual(reader.value("v"), .null)
    XCTAssertNil(reader.string("absent"))
    reader.finish()
    XCTAssertEqual(reader.errors, [])
    XCTAssertNoThrow(try reader.check())
  }

  func test_badFields_areAllNamed() throws {
    var reader = try reader(
      #"{"s":1,"long":"abc","empty":"","i":1.5,"big":1e30,"neg":-1,"d":"x","extra":0}"#,
      path: "regions[1]")
    XCTAssertNil(reader.string("s"))
    XCTAssertNil(reader.string("long", maxLength: 2))
    XCTAssertNil(reader.string("empty", required: true))
    XCTAssertNil(reader.int("i"))
    XCTAssertNil(reader.int("big", range: 0...Int.max))
    XCTAssertNil(reader.int("neg", range: 1...9))
    XCTAssertNil(reader.double("d"))
    XCTAssertNil(reader.bool("flag", required: true))
    reader.finish()
    XCTAssertEqual(
      reader.errors.map { "\($0.field) \($0.message)" },
      [
        "regions[1].s must be a string",
        "regions[1].long must have at most 2 characters",
        "regions[1].empty must not be empty",
        "regions[1].i must be an integer",
        "regions[1].big must be at least 0",
        "regions[1].neg must be between 1 and 9",
        "regions[1].d must be a number",
        "regions[1].flag is required",
        "regions[1].extra unknown field",
      ])
    XCTAssertThrowsError(try reader.check())
  }

  func test_paths_nameMembersAndElements() throws {
    XCTAssertEqual(try reader("{}").path(of: "a", 2), "a[2]")
    XCTAssertEqual(try reader("{}", path: "a[2]").path(of: "b"), "a[2].b")
  }

  func test_description_isOneLine() {
    let error = ValidationError(errors: [
      FieldError(field: "a", message: "is required"), FieldError(field: "", message: "bad"),
    ])
    XCTAssertEqual(error.description, "a: is required; bad")
  }

  func test_objects_compareWithoutOrderAndKeepIt() {
    var object: JSONObject = ["a": .int(1), "b": .int(2)]
    XCTAssertEqual(object, ["b": .int(2), "a": .int(1)])
    XCTAssertNotEqual(object, ["b": .int(2), "c": .int(1)])
    object["a"] = .int(3)
    object["c"] = .null
    object["b"] = nil
    XCTAssertEqual(object.members.map(\.key), ["a", "c"])
    XCTAssertEqual(object["a"], .int(3))
  }
}
