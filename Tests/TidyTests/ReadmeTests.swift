import XCTest

/// What the README shows is what the tests run.
final class ReadmeTests: XCTestCase {
  func test_scripts_areShownAsTheyAre() throws {
    let readme = try SourceTree.text("README.md")
    let paths = try SourceTree.files(in: ["Tests/Fixtures/scripts"])
    XCTAssertEqual(paths.count, 3)
    for path in paths {
      let text = try SourceTree.text(path)
      XCTAssert(readme.contains("```js\n\(text)```\n"), "README.md does not show \(path)")
      XCTAssert(readme.contains("`\(path)`"), "README.md does not name \(path)")
    }
  }
}
