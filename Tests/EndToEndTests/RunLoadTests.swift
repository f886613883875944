import Shared
import TestSupport
import XCTest

@testable import throng

/// How many users and what load flags and scripts come to together.
final class RunLoadTests: XCTestCase {
  private func options(_ script: String, _ flags: String...) throws -> RunOptions {
    let directory = try TemporaryDirectory()
    let file = try directory.write("load.js", script)
    return try RunOptions(RunOptions.parser.parse([file] + flags, environment: [:]))
  }

  private let plain = "module.exports = async () => {}"
  private let vus = """
    export const options = { vus: 3, duration: '5s' };
    export default function () {}
    """

  func test_users_areThoseThatTheFlagsLoadNeeds() throws {
    XCTAssertEqual(try options(vus).users, 3)
    XCTAssertEqual(try options(vus, "-d", "1s").users, 3)
    XCTAssertEqual(try options(vus, "-u", "7").users, 7)
    for script in [plain, vus] {
      XCTAssertEqual(try options(script, "--stage", "1s:15", "--stage", "1s:0").users, 15)
      XCTAssertEqual(try options(script, "--stage", "1s:2").users, 2)
      XCTAssertEqual(try options(script, "--rate", "20/s").users, 20)
      XCTAssertEqual(try options(script, "--rate", "20/s", "-u", "4").users, 4)
    }
  }

  func test_tests_getThemAsWell() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("load.js", vus)
    let parser = OptionParser(TestBody.options, argumentsMax: 1)
    let parsed = try parser.parse([file, "--stage", "1s:15"], environment: [:])
    let body = try TestBody(file, parsed)
    XCTAssertEqual(body.object["concurrentClients"]?.intValue, 15)
  }
}
