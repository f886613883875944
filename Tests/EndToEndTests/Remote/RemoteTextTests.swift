import Shared
import XCTest

@testable import throng

/// What command lines and answers are read into.
final class RemoteTextTests: XCTestCase {
  private func limit(_ text: String) throws -> String {
    try LimitText.parse(text, stops: false).text
  }

  func test_limits_areReadAsTheyAreWritten() throws {
    for text in ["p95(firstReceivedMs)<500", " p95 ( firstReceivedMs ) < 500.0 "] {
      XCTAssertEqual(
        try limit(text),
        #"{"metric":"firstReceivedMs","statistic":"p95","op":"<","value":500.0}"#)
    }
    XCTAssertEqual(
      try LimitText.parse("count(failure)==0 [GET http://a/]", stops: true).text,
      #"{"resource":"GET http://a/","metric":"failure","statistic":"count","op":"==","#
        + #""value":0.0,"stop":true}"#)
    XCTAssertEqual(
      try limit("max(User:checkout)<=3"),
      #"{"namespace":"User","metric":"checkout","statistic":"max","op":"<=","value":3.0}"#)
    for bad in [
      "", "p95", "p95(x)", "p95(x)<", "p95(x)<fast", "(x)<1", "p95()<1", "p95(x)<nan", "]",
    ] {
      XCTAssertThrowsError(try limit(bad), bad)
    }
  }

  func test_regions_areNamesOrShares() throws {
    XCTAssertEqual(
      JSONValue.object(try RegionText.members(["a,b", "c"], users: 9, standard: nil)).text,
      #"{"regions":["a","b","c"],"concurrentClients":9}"#)
    XCTAssertEqual(
      JSONValue.object(try RegionText.members(["a,b,c"], users: nil, standard: 1)).text,
      #"{"regions":["a","b","c"],"concurrentClients":3}"#)
    XCTAssertEqual(
      JSONValue.object(try RegionText.members(["a=2,b=3"], users: nil, standard: 10)).text,
      #"{"regions":[{"name":"a","concurrentClients":2},{"name":"b","concurrentClients":3}]}"#)
    for bad in [",", "a=0", "a=2,b", "=3"] {
      XCTAssertThrowsError(try RegionText.members([bad], users: nil, standard: 10), bad)
    }
    XCTAssertThrowsError(try RegionText.members(["a=2"], users: 5, standard: 10))
  }

  func test_paths_areEscaped() {
    XCTAssertEqual(RemotePath("executions", "1", "a b/ü").text, "/executions/1/a%20b%2F%C3%BC")
    XCTAssertEqual(
      RemotePath("x").with([("a", "1+2&3"), ("b", nil), ("c", "é")]).with([("d", "")]).text,
      "/x?a=1%2B2%263&c=%C3%A9&d=")
  }

  func test_serverAddress_hidesWhatIsSecret() throws {
    let cases = [
      ("127.0.0.1:8080", "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
      ("https://host/", "https://host", "https://host"),
      ("http://u:secret@host/below/", "http://u:secret@host/below", "http://host/below"),
      ("http://[::1]:8080", "http://[::1]:8080", "http://[::1]:8080"),
    ]
    for (text, base, shown) in cases {
      let address = try ServerAddress(text)
      XCTAssertEqual(address.base, base)
      XCTAssertEqual(address.shown, shown)
    }
    for bad in ["ftp://host", "http://", "http://host:port", "http://host/?a=1", "http://a b"] {
      XCTAssertThrowsError(try ServerAddress(bad), bad)
    }
  }

  func test_problems_areLinesNotJSON() {
    func lines(_ body: String, _ status: Int = 422) -> String {
      RemoteProblem(status: status, body: Array(body.utf8), url: "http://host").description
    }
    XCTAssertEqual(
      lines(
        #"{"detail":"no","errors":[{"field":"a","message":"is bad"},{"field":"","message":"x"}]}"#),
      "a: is bad\nx")
    XCTAssertEqual(lines(#"{"title":"Not found","detail":"no execution 7"}"#), "no execution 7")
    XCTAssertEqual(lines(#"{"detail":"line one\n\u001b[2Jline two"}"#), "line one\n�[2Jline two")
    XCTAssert(lines("<html>", 502).contains("502"), lines("<html>", 502))
  }

  func test_times_areReadBack() {
    for millis: Int64 in [0, 1_455_822_712_737, 4_102_444_799_999] {
      XCTAssertEqual(Figures.millis(.string(ISOTime.text(millis: millis))), millis)
    }
    XCTAssertNil(Figures.millis(.string("yesterday")))
    XCTAssertEqual(
      Figures.seconds(
        from: .string("2016-02-18T19:11:52.737Z"), to: .string("2016-02-18T19:11:54.237Z")), 1.5)
  }
}
