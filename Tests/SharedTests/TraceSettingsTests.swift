import Shared
import XCTest

final class TraceSettingsTests: XCTestCase {
  private let settings = TraceSettings(secrets: ["key", "pin", "missing"])
  private let params = #"{"key":"k-1","pin":1234,"open":"o"}"#

  func test_secretValues_areThoseOfTheNamedMembers() {
    XCTAssertEqual(settings.secretValues(in: params), ["k-1", "1234"])
    XCTAssertEqual(TraceSettings().secretValues(in: params), [])
    XCTAssertEqual(settings.secretValues(in: "no JSON"), [])
  }

  func test_maskedParams_showNoSecret_andTakeThemBack() {
    let shown = settings.masked(params: params)
    XCTAssertEqual(shown, #"{"key":"***","pin":"***","open":"o"}"#)
    XCTAssertEqual(settings.unmasked(params: shown, previous: params), params)
    let changed = #"{"key":"new","pin":"***"}"#
    XCTAssertEqual(
      settings.unmasked(params: changed, previous: params), #"{"key":"new","pin":1234}"#)
    XCTAssertEqual(
      TraceSettings().unmasked(params: shown, previous: params), shown,
      "what is no secret any more is not uncovered")
  }
}
