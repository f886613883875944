import XCTest

@testable import Shared

final class TemplateTests: XCTestCase {
  func test_plainTexts_stayAsTheyAre() throws {
    for text in ["", "abc", "$", "$$", "{}", "a$b{c}", "$ {x}", "é😀"] {
      let template = try Template.parse(text)
      XCTAssertEqual(template.plainText, text)
      XCTAssertEqual(template.source, text)
    }
  }

  func test_escape_standsForThePlainBeginning() throws {
    XCTAssertEqual(try Template.parse("a$${x}").plainText, "a${x}")
    XCTAssertEqual(
      try Template.parse("$${x}${y}").parts,
      [.text("${x}"), .expression(.variable("y", JSONPath()))])
  }

  func test_expressions_areRead() throws {
    let expected: [(String, TemplateExpression)] = [
      ("${params}", .params(JSONPath())),
      ("${params.x.y[0]}", .params(JSONPath([.member("x"), .member("y"), .index(0)]))),
      ("${ vu.iteration }", .vu(.iteration)),
      ("${vu.regionalIndex}", .vu(.regionalIndex)),
      ("${price}", .variable("price", JSONPath())),
      ("${data['a }b'].c}", .variable("data", JSONPath([.member("a }b"), .member("c")]))),
      ("${random(1,100)}", .random(min: 1, max: 100)),
      ("${ random( -5 , 5 ) }", .random(min: -5, max: 5)),
      ("${uuid()}", .uuid),
    ]
    for (text, expression) in expected {
      XCTAssertEqual(try Template.parse(text).soleExpression, expression, text)
    }
  }

  func test_mixedTemplate_keepsItsParts() throws {
    let template = try Template.parse("http://h/${a}/x?y=${vu.id}")
    XCTAssertEqual(
      template.parts,
      [
        .text("http://h/"), .expression(.variable("a", JSONPath())), .text("/x?y="),
        .expression(.vu(.id)),
      ])
    XCTAssertNil(template.soleExpression)
    XCTAssertNil(template.plainText)
  }

  func test_badTemplates_areRefusedWithTheirPlace() {
    let bad: [(String, Int, String)] = [
      ("ab${", 4, "name"), ("ab${x", 2, "without '}'"), ("${}", 2, "name"), ("${1}", 2, "name"),
      ("${x y}", 4, "'}'"), ("${x.}", 4, "member"), ("${vu.nope}", 2, "vu.iteration"),
      ("${vu}", 2, "client field"), ("${random(1)}", 2, "two integers"),
      ("${random(2,1)}", 2, "min above max"), ("${uuid(1)}", 2, "no arguments"),
      ("${nope()}", 2, "unknown function"), ("${random(1;2)}", 10, "','"),
      ("${random(", 9, "integer"), ("${x..y}", 3, "'..'"), ("${'x'}", 2, "name"),
    ]
    for (text, offset, part) in bad {
      XCTAssertThrowsError(try Template.parse(text), text) { error in
        let error = error as? StepsSyntaxError
        XCTAssertEqual(error?.offset, offset, text)
        XCTAssertTrue(error?.message.contains(part) == true, "\(text): \(error?.message ?? "")")
      }
    }
  }

  func test_plainTextTemplate_readsBackFromItsSource() throws {
    let template = Template(text: "a${b}$")
    XCTAssertEqual(template.plainText, "a${b}$")
    XCTAssertEqual(try Template.parse(template.source), template)
  }

  func test_randomTexts_neverCrash() {
    var random = SeededGenerator(seed: 5)
    let pieces = [
      "${", "}", "$", "$${", "params", "vu", ".", "id", "[", "]", "0", "-", "'", "\"", "(", ")",
      ",", "random", "uuid()", " ", "x", "é", "*", "\\",
    ]
    var good = 0
    for _ in 0..<20_000 {
      var text = ""
      for _ in 0..<Int.random(in: 0..<8, using: &random) {
        text += pieces.randomElement(using: &random) ?? ""
      }
      guard let template = try? Template.parse(text) else { continue }
      good += 1
      XCTAssertEqual(template.source, text)
      if !text.contains("${") { XCTAssertEqual(template.plainText, text) }
    }
    XCTAssertGreaterThan(good, 1_000)
  }
}
