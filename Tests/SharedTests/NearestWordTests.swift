import Shared
import XCTest

final class NearestWordTests: XCTestCase {
  private let words = ["start", "stop", "show", "list", "logs", "watch", "regions", "report"]

  func test_fewEdits_areSeenThrough() {
    for (typed, meant) in [
      ("strat", "start"), ("lst", "list"), ("region", "regions"), ("wacth", "watch"),
      ("rep", "report"), ("stopp", "stop"), ("lgos", "logs"),
    ] {
      XCTAssertEqual(NearestWord.of(typed, among: words), meant, typed)
    }
  }

  func test_otherWords_haveNone() {
    for typed in ["", "x", "frobnicate", "re", "compile", "shutdown"] {
      XCTAssertNil(NearestWord.of(typed, among: words), typed)
    }
    XCTAssertNil(NearestWord.of("list", among: []))
  }
}
