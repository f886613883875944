import Shared
import XCTest

@testable import Agent

final class ScriptConditionTests: XCTestCase {
  private static let params = #"""
    {"five":5,"fiveText":"5","ten":"10","name":"IBM","flag":false,"nothing":null,"empty":"",
     "list":[1,"a",2.0],"object":{"k":1}}
    """#

  /// Whether a condition holds; nil when the iteration fails over it.
  private func holds(_ condition: String) throws -> Bool? {
    let text = JSONValue.string(condition).text
    var driver = try ScriptDriver(
      #"{"request":{"url":"http://h"},"extract":{"gone":{"json":"$.x"},"count":{"header":"N"}}}"#
        + #",{"if":\#(text),"steps":[{"sleepMs":1}],"else":[{"sleepMs":2}]}"#,
      params: Self.params)
    let failed = try driver.run { _ in .ok("{}", headers: [(name: "n", value: "42")]) }
    if failed { return nil }
    return driver.log.last == "sleep 1000"
  }

  func test_conditions_thatHold() throws {
    for condition in [
      "${params.five} == 5", "${params.five} == 5.0", "${params.five} < 10",
      "${params.fiveText} < ${params.ten}", "${params.fiveText} == 5", "${count} > 41.5",
      "${params.name} == 'IBM'", "${params.name} >= 'IB'", "'I${params.five}' == \"I5\"",
      "${params.name} != 'ibm'", "${params.name} contains 'BM'", "${params.list} contains 2",
      "${params.list} contains 'a'", "${params.object} contains 'k'", "!${params.flag}",
      "${params.flag} == false", "${params.name}", "${params.object}", "!${params.empty}",
      "${gone} == null", "!${gone}", "${params.nothing} == null", "${params.name} != null",
      "${params.absent} == null", "true && (false || !false)", "1 < 2 && 2 < 3",
      "false || ${params.five} == 5", "${vu.region} == 'north'", "'10' < '9'",
      "true || ${gone} > 1",
    ] {
      XCTAssertEqual(try holds(condition), true, condition)
    }
  }

  func test_conditions_thatDoNotHold() throws {
    for condition in [
      "${params.five} != 5", "${params.fiveText} > ${params.ten}", "${params.name} == 'ibm'",
      "${params.list} contains 3", "${params.empty}", "${gone} != null", "0", "null", "''",
      "${params.flag}", "false && ${gone} > 1", "${params.five} == 'x'", "${params.name} < 'A'",
    ] {
      XCTAssertEqual(try holds(condition), false, condition)
    }
  }

  func test_conditions_thatCannotBeTold() throws {
    for condition in [
      "${gone} == 1", "${gone} > 1", "!(${gone} > 1)", "${params.name} > 5",
      "${params.object} < 1", "${params.absent} contains 'x'", "'${gone}' == 'x'",
      "${params.flag} < 1", "true && ${gone} > 1",
    ] {
      XCTAssertNil(try holds(condition), condition)
    }
  }
}
