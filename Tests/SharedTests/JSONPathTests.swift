import XCTest

@testable import Shared

final class JSONPathTests: XCTestCase {
  private let document = #"""
    {"a":[{"b":1},{"b":2,"c":"x"}],"two words":{"é":true},"n":null,"my-key":[[1,2],[3]]}
    """#

  private func first(_ path: String) throws -> JSONValue? {
    try JSONPath.parse(path).first(in: JSONValue.parse(text: document))
  }

  func test_paths_findTheirValue() throws {
    XCTAssertEqual(try first("$.a[0].b"), .int(1))
    XCTAssertEqual(try first("$.a[-1].b"), .int(2))
    XCTAssertEqual(try first("$['two words'].é"), .bool(true))
    XCTAssertEqual(try first("$[\"two words\"]['é']"), .bool(true))
    XCTAssertEqual(try first("$.my-key[1][0]"), .int(3))
    XCTAssertEqual(try first("$.n"), .null)
    XCTAssertEqual(try first("$")?.objectValue?.members.count, 4)
  }

  func test_wildcard_findsTheFirstThatFitsTheWholePath() throws {
    XCTAssertEqual(try first("$.a[*].c"), .string("x"))
    XCTAssertEqual(try first("$.*[1]"), .object(["b": .int(2), "c": .string("x")]))
    XCTAssertNil(try first("$.a[*].d"))
  }

  func test_paths_thatLeadNowhereFindNothing() throws {
    for path in ["$.x", "$.a[2]", "$.a[-3]", "$.a.b", "$.n.x", "$[0]", "$.my-key[1][*].x"] {
      XCTAssertNil(try first(path), path)
    }
  }

  func test_badPaths_areRefusedWithTheirPlace() {
    let bad: [(String, Int, String)] = [
      ("a", 0, "'$'"), ("", 0, "end"), ("$..a", 1, "'..' is not supported"), ("$.", 2, "name"),
      ("$[", 2, "integer"), ("$[1", 3, "']'"), ("$['a", 2, "quote without end"),
      ("$[?(@.a)]", 2, "filters"), ("$a", 1, "'.' or '['"), ("$[1:2]", 3, "']'"),
      ("$[99999999999999999999]", 2, "range"),
    ]
    for (path, offset, part) in bad {
      XCTAssertThrowsError(try JSONPath.parse(path), path) { error in
        let error = error as? StepsSyntaxError
        XCTAssertEqual(error?.offset, offset, path)
        XCTAssertTrue(error?.message.contains(part) == true, "\(path): \(error?.message ?? "")")
      }
    }
  }

  func test_length_isBounded() {
    XCTAssertNoThrow(try JSONPath.parse("$" + String(repeating: "[0]", count: 64)))
    XCTAssertThrowsError(try JSONPath.parse("$" + String(repeating: "[0]", count: 100)))
  }

  func test_text_readsBack() throws {
    for path in ["$.a[0].b", "$['two words'][-1][*]"] {
      XCTAssertEqual("$" + (try JSONPath.parse(path).text), path)
    }
  }
}
