import XCTest

@testable import Shared

final class ConditionTests: XCTestCase {
  private func variable(_ name: String) -> Condition.Operand {
    .expression(.variable(name, JSONPath()))
  }

  func test_comparisons_areRead() throws {
    let price = variable("price")
    let expected: [(String, Condition)] = [
      ("${price} > 100", .comparison(price, .greater, .literal(.int(100)))),
      ("${price}<=-1.5", .comparison(price, .lessOrEqual, .literal(.double(-1.5)))),
      ("${price}!=null", .comparison(price, .notEqual, .literal(.null))),
      ("${price} == true", .comparison(price, .equal, .literal(.bool(true)))),
      (
        "'a' contains \"b\"",
        .comparison(.text(Template(text: "a")), .contains, .text(Template(text: "b")))
      ),
      ("${price}", .truth(price)),
      (" ! ${price} ", .not(.truth(price))),
    ]
    for (text, condition) in expected {
      XCTAssertEqual(try Condition.parse(text), condition, text)
    }
  }

  func test_operators_bindAsUsual() throws {
    let (a, b, c) = (
      Condition.truth(variable("a")), Condition.truth(variable("b")), Condition.truth(variable("c"))
    )
    XCTAssertEqual(try Condition.parse("${a} || ${b} && ${c}"), .or(a, .and(b, c)))
    XCTAssertEqual(try Condition.parse("(${a} || ${b}) && !${c}"), .and(.or(a, b), .not(c)))
    XCTAssertEqual(try Condition.parse("${a} && ${b} && ${c}"), .and(.and(a, b), c))
    XCTAssertEqual(try Condition.parse("!!((${a}))"), .not(.not(a)))
  }

  func test_quotedTexts_mayHavePlaces() throws {
    XCTAssertEqual(
      try Condition.parse("'x-${a}' == 'it\\'s'"),
      .comparison(
        .text(try Template.parse("x-${a}")), .equal, .text(Template(text: "it's"))))
  }

  func test_expressions_areFoundEverywhere() throws {
    let condition = try Condition.parse("!(${a} == 1 || '${b}x' contains ${c}) && ${vu.id}")
    XCTAssertEqual(
      condition.expressions,
      ["a", "b", "c"].map { .variable($0, JSONPath()) } + [.vu(.id)])
  }

  func test_badConditions_areRefusedWithTheirPlace() {
    let bad: [(String, Int, String)] = [
      ("", 0, "end"), ("${a} >", 6, "end"), ("${a} = 1", 5, "operator"), ("(${a}", 5, "')'"),
      ("${a} 5", 5, "operator"), ("abc == 1", 0, "number"), ("1.2.3 == 1", 0, "not a number"),
      ("'abc", 0, "quote without end"), ("'${' == 1", 3, "name"), ("${a", 0, "without '}'"),
      ("${a} && ", 8, "end"), ("${a} > null", 5, "no order"), ("true < ${a}", 5, "no order"),
      ("${a} == 1 == 2", 10, "operator"), ("${a})", 4, "operator"),
    ]
    for (text, offset, part) in bad {
      XCTAssertThrowsError(try Condition.parse(text), text) { error in
        let error = error as? StepsSyntaxError
        XCTAssertEqual(error?.offset, offset, text)
        XCTAssertTrue(error?.message.contains(part) == true, "\(text): \(error?.message ?? "")")
      }
    }
  }

  func test_size_isBounded() {
    XCTAssertThrowsError(try Condition.parse(String(repeating: "(", count: 5_000) + "1"))
    XCTAssertThrowsError(try Condition.parse(String(repeating: "!", count: 5_000) + "1"))
    let chain = Array(repeating: "${a}", count: 2_000).joined(separator: "&&")
    XCTAssertThrowsError(try Condition.parse(chain))
  }

  func test_randomTexts_neverCrash() {
    var random = SeededGenerator(seed: 9)
    let pieces = [
      "${a}", "1", "-2.5", "'x'", "\"${b}\"", "null", "true", "==", "<", ">=", "contains", "&&",
      "||", "!", "(", ")", " ", "${", "'", "x",
    ]
    var good = 0
    for _ in 0..<20_000 {
      var text = ""
      for _ in 0..<Int.random(in: 1..<8, using: &random) {
        text += pieces.randomElement(using: &random) ?? ""
      }
      if (try? Condition.parse(text)) != nil { good += 1 }
    }
    XCTAssertGreaterThan(good, 500)
  }
}
