import XCTest

@testable import Shared

final class OptionParserTests: XCTestCase {
  private let parser = OptionParser(
    [
      Option("users", short: "u", value: "N", "users"),
      Option("data-dir", value: "DIR", "directory"),
      Option("region", value: "NAME=USERS", repeats: true, "region"),
      Option("quiet", short: "q", "quiet"),
    ] + OptionParser.common, argumentsMax: 1)

  private func parse(
    _ words: String..., environment: [String: String] = [:]
  ) throws -> ParsedOptions {
    try parser.parse(words, environment: environment)
  }

  func test_allForms_areRead() throws {
    XCTAssertEqual(try parse("--users", "5").string("users"), "5")
    XCTAssertEqual(try parse("--users=5").string("users"), "5")
    XCTAssertEqual(try parse("-u", "5").string("users"), "5")
    XCTAssertEqual(try parse("-u5").string("users"), "5")
    XCTAssertEqual(try parse("-u=5").string("users"), "5")
    XCTAssertEqual(try parse("--data-dir", "--odd").string("data-dir"), "--odd")
    XCTAssertTrue(try parse("-q", "x").has("quiet"))
    XCTAssertEqual(try parse("--region", "a=1", "--region=b=2").strings("region"), ["a=1", "b=2"])
    XCTAssertEqual(try parse("--", "--users").arguments, ["--users"])
  }

  func test_flag_beatsEnvironment_whichBeatsNothing() throws {
    let environment = ["THRONG_DATA_DIR": "/env", "THRONG_QUIET": "true"]
    XCTAssertEqual(try parse(environment: environment).string("data-dir"), "/env")
    XCTAssertTrue(try parse(environment: environment).has("quiet"))
    XCTAssertEqual(
      try parse("--data-dir", "/flag", environment: environment).string("data-dir"), "/flag")
    XCTAssertFalse(try parse(environment: ["THRONG_QUIET": "0"]).has("quiet"))
  }

  func test_badInput_isNamed() {
    func message(_ words: [String]) -> String? {
      do {
        let parsed = try parser.parse(words, environment: [:])
        _ = try parsed.int("users", in: 1...10)
        return nil
      } catch { return "\(error)" }
    }
    XCTAssertEqual(message(["--bogus"]), "unknown flag --bogus")
    XCTAssertEqual(message(["--user", "3"]), "unknown flag --user; did you mean --users?")
    XCTAssertEqual(message(["--reigon=a"]), "unknown flag --reigon=a; did you mean --region?")
    XCTAssertEqual(message(["--users"]), "--users needs a value")
    XCTAssertEqual(message(["--users", "--quiet"]), "--users needs a value")
    XCTAssertEqual(message(["-u", "--region=a"]), "--users needs a value")
    XCTAssertEqual(message(["--quiet=1"]), "--quiet takes no value")
    XCTAssertEqual(message(["a", "b"]), "unexpected argument \"b\"")
    XCTAssertEqual(message(["-u", "11"]), "--users: \"11\" is not a whole number from 1 to 10")
    XCTAssertEqual(message(["-u", "1x"]), "--users: \"1x\" is not a whole number from 1 to 10")
  }

  func test_durations_areReadAndWritten() {
    XCTAssertEqual(DurationText.seconds("1m30s"), 90)
    XCTAssertEqual(DurationText.seconds("500ms"), 0.5)
    XCTAssertEqual(DurationText.seconds("12.5"), 12.5)
    for bad in ["", "s", "-3s", "3 s", "3x", "nan", "inf", "99999999999d"] {
      XCTAssertNil(DurationText.seconds(bad), bad)
    }
    XCTAssertEqual(DurationText.text(seconds: 3_725), "1h02m05s")
  }

  func test_times_areISO8601InUTC() {
    XCTAssertEqual(ISOTime.text(millis: 1_455_822_712_737), "2016-02-18T19:11:52.737Z")
    XCTAssertEqual(ISOTime.text(millis: 0), "1970-01-01T00:00:00.000Z")
    XCTAssertEqual(ISOTime.text(millis: 951_782_400_000), "2000-02-29T00:00:00.000Z")
    XCTAssertEqual(ISOTime.text(millis: -1), "1969-12-31T23:59:59.999Z")
  }
}
