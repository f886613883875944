import Shared
import XCTest

@testable import Agent

final class ScriptResponseTests: XCTestCase {
  /// The result of one check against one response.
  private func passes(
    _ check: String, _ response: ScriptResponse, params: String = "{}"
  ) throws -> Bool? {
    var driver = try ScriptDriver(
      #"{"request":{"url":"http://h"},"extract":{"id":{"json":"$.id"}},"check":[\#(check)]}"#,
      params: params)
    XCTAssertFalse(try driver.run { _ in response })
    return driver.counter.results.values.first?.first
  }

  func test_statusCheck() throws {
    XCTAssertEqual(try passes(#"{"status":200}"#, .ok("")), true)
    XCTAssertEqual(try passes(#"{"status":[200,404]}"#, .ok("", status: 404)), true)
    XCTAssertEqual(try passes(#"{"status":200}"#, .ok("", status: 500)), false)
    XCTAssertEqual(try passes(#"{"status":200}"#, .failed(.timeout)), false)
  }

  func test_jsonCheck() throws {
    let body = #"{"id":7,"s":"IBM","list":[1,"two"],"o":{"a":1,"b":[2.0]},"n":null}"#
    for check in [
      #"{"json":"$.id","equals":7}"#, #"{"json":"$.id","equals":7.0}"#,
      #"{"json":"$.id","equals":"${id}"}"#, #"{"json":"$.s","equals":"${params.s}"}"#,
      #"{"json":"$.s","equals":"IBM"}"#, #"{"json":"$.id","equals":"${params.seven}"}"#,
      #"{"json":"$.o","equals":{"b":[2],"a":1}}"#, #"{"json":"$.n"}"#,
      #"{"json":"$.n","equals":null}"#, #"{"json":"$.list[*]","equals":1}"#,
      #"{"json":"$.x","exists":false}"#, #"{"json":"$.s","contains":"BM"}"#,
      #"{"json":"$.list","contains":"two"}"#, #"{"json":"$.id","exists":true}"#,
      #"{"json":"$.s","equals":"${params.i}BM"}"#,
    ] {
      let params = #"{"s":"IBM","seven":"7","i":"I"}"#
      XCTAssertEqual(try passes(check, .ok(body), params: params), true, check)
    }
    for check in [
      #"{"json":"$.id","equals":8}"#, #"{"json":"$.id","equals":"7"}"#, #"{"json":"$.x"}"#,
      #"{"json":"$.s","exists":false}"#, #"{"json":"$.x","equals":null}"#,
      #"{"json":"$.list","contains":"tw"}"#, #"{"json":"$.s","equals":"${params.none}"}"#,
    ] {
      XCTAssertEqual(try passes(check, .ok(body)), false, check)
    }
    XCTAssertEqual(try passes(#"{"json":"$.id"}"#, .ok("{\"id\":")), false)
  }

  func test_headerCheck() throws {
    let response = ScriptResponse.ok("", headers: [(name: "Content-TYPE", value: "a/b; c=7")])
    XCTAssertEqual(try passes(#"{"header":"content-type"}"#, response), true)
    XCTAssertEqual(try passes(#"{"header":"content-type","contains":"a/b"}"#, response), true)
    XCTAssertEqual(try passes(#"{"header":"content-type","equals":"a/b"}"#, response), false)
    XCTAssertEqual(try passes(#"{"header":"content-type","equals":"a/b; c=7"}"#, response), true)
    XCTAssertEqual(try passes(#"{"header":"etag"}"#, response), false)
    XCTAssertEqual(try passes(#"{"header":"etag","exists":false}"#, response), true)
    XCTAssertEqual(try passes(#"{"header":"etag","exists":false}"#, .failed(.reset)), false)
    let number = ScriptResponse.ok("", headers: [(name: "N", value: "007")])
    XCTAssertEqual(try passes(#"{"header":"N","equals":"7"}"#, number), false)
    XCTAssertEqual(try passes(#"{"header":"N","equals":7}"#, number), false)
  }

  func test_bodyAndTimeChecks() throws {
    XCTAssertEqual(try passes(#"{"bodyContains":"price"}"#, .ok("the price is")), true)
    XCTAssertEqual(try passes(#"{"bodyContains":"prices"}"#, .ok("the price")), false)
    XCTAssertEqual(try passes(#"{"bodyContains":"é${vu.id}"}"#, .ok("xé3")), true)
    XCTAssertEqual(try passes(#"{"maxMs":5}"#, .ok("", totalMicros: 5_000)), true)
    XCTAssertEqual(try passes(#"{"maxMs":5}"#, .ok("", totalMicros: 5_001)), false)
    XCTAssertEqual(try passes(#"{"maxMs":5}"#, .failed(.dns)), false)
  }

  func test_extractions_takeTheirValue() throws {
    var driver = try ScriptDriver(
      #"""
      {"request":{"url":"http://h"},"extract":{"a":{"json":"$.list[-1]"},"b":{"header":"etag"},
        "c":{"regex":"t=(\\w+);"},"d":{"regex":"\\d+"}}},
      {"request":{"url":"http://h/${a}/${b}/${c}/${d}"}}
      """#)
    let response = ScriptResponse.ok(
      #"{"list":["x","y"],"é":"t=tok9;"}"#, headers: [(name: "ETag", value: "q")])
    XCTAssertFalse(try driver.run { _ in response })
    XCTAssertEqual(driver.log.last, "GET http://h/y/q/tok9/9")
  }

  func test_failedExtraction_clearsTheVariable() throws {
    var driver = try ScriptDriver(
      #"""
      {"repeat":2,"steps":[{"request":{"url":"http://h"},"extract":{"a":{"json":"$.a"}}},
        {"if":"${a}","steps":[{"sleepMs":1}],"else":[{"sleepMs":2}]}]}
      """#)
    var count = 0
    XCTAssertFalse(
      try driver.run { _ in
        count += 1
        return count == 1 ? .ok(#"{"a":1}"#) : .failed(.reset)
      })
    XCTAssertEqual(driver.log, ["GET http://h", "sleep 1000", "GET http://h", "sleep 2000"])
  }

  func test_needs_sayWhatTheEngineMustKeep() throws {
    let cases: [(String, Bool, Bool)] = [
      ("", false, false), (#","check":[{"status":200},{"maxMs":5}]"#, false, false),
      (#","check":[{"bodyContains":"x"}]"#, true, false),
      (#","check":[{"header":"X"}]"#, false, true),
      (#","extract":{"a":{"header":"X"}}"#, false, true),
      (#","extract":{"a":{"regex":"x"},"b":{"header":"X"}}"#, true, true),
    ]
    for (rest, needsBody, needsHeaders) in cases {
      for url in ["http://h", "http://h/${vu.id}"] {
        var driver = try ScriptDriver(#"{"request":{"url":"\#(url)"}\#(rest)}"#)
        XCTAssertFalse(try driver.run())
        XCTAssertEqual(driver.requests.first?.needsBody, needsBody, rest)
        XCTAssertEqual(driver.requests.first?.needsHeaders, needsHeaders, rest)
      }
    }
  }

  func test_regexThatIsGivenUp_givesNoValue_andFailsTheIteration() throws {
    var driver = try ScriptDriver(
      #"""
      {"request":{"url":"http://h/1"},"extract":{"a":{"regex":"(a*)*b"},"b":{"regex":"a+"}},
       "check":[{"status":200}]}
      """#)
    let body = String(repeating: "a", count: 20_000)
    XCTAssertTrue(try driver.run { _ in .ok(body) })
    XCTAssertEqual(driver.client.variables, [nil, .string(body)])
    XCTAssertEqual(driver.counter.results, ["status is 200": [true]])
    XCTAssertEqual(driver.counter.givenUp.count, 1)
    XCTAssertFalse(try driver.run { _ in .ok("aab") }, "the next iteration is a new one")
  }

  func test_checksOfTheSameName_countTogether() throws {
    var driver = try ScriptDriver(
      #"""
      {"request":{"url":"http://h/1"},"check":[{"status":200},{"status":500,"name":"odd"}]},
      {"request":{"url":"http://h/2"},"check":[{"status":200}]}
      """#)
    XCTAssertFalse(try driver.run { .ok("", status: $0.url.hasSuffix("1") ? 200 : 404) })
    XCTAssertEqual(driver.program.checkNames, ["status is 200", "odd"])
    XCTAssertEqual(driver.counter.results, ["status is 200": [true, false], "odd": [false]])
  }
}
