import XCTest

@testable import Shared

final class StepsScriptTests: XCTestCase {
  /// Errors of a script as `field: message`.
  private func errors(_ text: String) -> [String] {
    do {
      _ = try StepsScript.parse(text: text)
      return []
    } catch {
      return error.errors.map { "\($0.field): \($0.message)" }
    }
  }

  private func request(_ text: String) throws -> RequestStep {
    let script = try StepsScript.parse(text: #"{"steps":[\#(text)]}"#)
    guard case .request(let request) = script.steps[0] else {
      throw ValidationError("steps[0]", "is no request")
    }
    return request
  }

  func test_documentedExample_isRead() throws {
    let script = try StepsScript.parse(
      text: #"""
        {"steps":[
          {"request":{"method":"GET","url":"http://localhost:8081/stocks/${params.symbol}",
                      "name":"GET /stocks/:symbol","headers":{"Accept":"application/json"}},
           "extract":{"price":{"json":"$.price"},"etag":{"header":"ETag"},
                      "tok":{"regex":"t=(\\w+)"}},
           "check":[{"status":200},{"json":"$.symbol","equals":"${params.symbol}"},
                    {"bodyContains":"price"}]},
          {"sleepMs":{"min":200,"max":800}},
          {"repeat":3,"steps":[{"sleepMs":5}]},
          {"if":"${price} > 100","steps":[{"sleepMs":1}],"else":[{"sleepMs":2}]}]}
        """#)
    XCTAssertEqual(script.variables, ["price", "etag", "tok"])
    XCTAssertEqual(script.steps.count, 4)
    guard case .request(let request) = script.steps[0] else { return XCTFail("no request") }
    XCTAssertEqual(request.method, "GET")
    XCTAssertEqual(request.name?.plainText, "GET /stocks/:symbol")
    XCTAssertEqual(request.headers.map(\.name), ["Accept"])
    XCTAssertEqual(
      request.extractions.map(\.source),
      [.json(JSONPath([.member("price")])), .header("ETag"), .regex("t=(\\w+)")])
    XCTAssertEqual(
      request.checks.map(\.name),
      ["status is 200", "json $.symbol equals ${params.symbol}", "body contains price"])
    XCTAssertEqual(script.steps[1], .sleep(millis: 200...800))
    XCTAssertEqual(script.steps[2], .loop(count: .fixed(3), steps: [.sleep(millis: 5...5)]))
    guard case .conditional(_, let then, let otherwise) = script.steps[3] else {
      return XCTFail("no condition")
    }
    XCTAssertEqual(then, [.sleep(millis: 1...1)])
    XCTAssertEqual(otherwise, [.sleep(millis: 2...2)])
  }

  func test_shortestRequest_hasDefaults() throws {
    let request = try request(#"{"request":{"url":"https://h"}}"#)
    XCTAssertEqual(request.method, "GET")
    XCTAssertNil(request.body)
    XCTAssertNil(request.name)
    XCTAssertNil(request.timeoutMs)
    XCTAssertEqual(request.headers, [])
  }

  func test_bodies_bringTheirContentType() throws {
    let json = try request(
      #"{"request":{"url":"http://h","body":{"a":["x${vu.id}",1,"y"],"b":"${vu.id}"}}}"#)
    XCTAssertEqual(json.headers.first?.value.plainText, "application/json")
    XCTAssertEqual(
      json.body,
      .json([
        .bytes(Array(#"{"a":["#.utf8)), .value(try Template.parse("x${vu.id}")),
        .bytes(Array(#",1,"y"],"b":"#.utf8)), .value(try Template.parse("${vu.id}")),
        .bytes(Array("}".utf8)),
      ]))
    let form = try request(#"{"request":{"url":"http://h","form":{"a":"1"}}}"#)
    XCTAssertEqual(form.headers.first?.value.plainText, "application/x-www-form-urlencoded")
    let text = try request(#"{"request":{"url":"http://h","body":"x"}}"#)
    XCTAssertEqual(text.headers.first?.value.plainText, "text/plain;charset=UTF-8")
    let named = try request(
      #"{"request":{"url":"http://h","body":"x","headers":{"content-type":"a/b"}}}"#)
    XCTAssertEqual(named.headers.map { $0.value.plainText }, ["a/b"])
  }

  func test_checks_haveReadableNames() throws {
    let request = try request(
      #"""
      {"request":{"url":"http://h"},"check":[
        {"status":[200,201]},{"json":"$.a"},{"json":"$.a","exists":false},
        {"json":"$.a","equals":5},{"json":"$.a","contains":"x"},{"header":"ETag"},
        {"header":"ETag","equals":"q"},{"maxMs":500},{"status":200,"name":"fine"}]}
      """#)
    XCTAssertEqual(
      request.checks.map(\.name),
      [
        "status is 200 or 201", "json $.a exists", "json $.a does not exist", "json $.a equals 5",
        "json $.a contains x", "header ETag exists", "header ETag equals q",
        "took at most 500 ms", "fine",
      ])
  }

  func test_allBadFields_areNamedAtOnce() {
    XCTAssertEqual(
      errors(
        #"""
        {"steps":[
          {"request":{"url":"ftp://h","method":"G T","colour":1,"headers":{"a b":"x","c":5}}},
          {"sleepMs":-1},
          {"request":{"url":"http://h/${nope}","timeoutMs":0}},
          {"sleepMs":{"min":5,"max":1}},
          {"dance":"x"},
          {"repeat":"x","steps":[]},
          {"if":"${a} >","steps":[{"sleepMs":1}]},
          7],"version":1}
        """#),
      [
        "steps[0].request.headers.c: must be a string",
        "steps[0].request.headers.a b: is not a header name",
        "steps[0].request.method: must be a method name such as GET",
        "steps[0].request.url: must be an http:// or https:// URL",
        "steps[0].request.colour: unknown field",
        "steps[1].sleepMs: must be between 0 and 86400000",
        "steps[2].request.timeoutMs: must be between 1 and 86400000",
        "steps[3].sleepMs.max: must be at least min",
        "steps[4]: must have exactly one of request, sleepMs, waitForEvent, repeat, if",
        "steps[4].dance: unknown field",
        "steps[5].repeat: must be an integer or one ${…}",
        "steps[5].steps: must not be empty",
        "steps[6].if: unexpected end, expected a number, a quoted text, true, false, null or "
          + "'${' at character 7",
        "steps[7]: must be an object",
        "version: unknown field",
        "steps[2].request.url: unknown variable nope: no request extracts it",
      ])
  }

  func test_badResponses_areNamed() {
    XCTAssertEqual(
      errors(
        #"""
        {"steps":[{"request":{"url":"http://h"},
          "extract":{"a":{"json":"x"},"b":{"regex":"("},"params":{"header":"X"},"c":{},
                     "d":{"json":"$","header":"X"}},
          "check":[{},{"status":99},{"status":[]},{"json":"$.a","equals":["${a}"]},
                   {"maxMs":0},{"status":200,"odd":1},{"header":"X","equals":"a","exists":true}]}]}
        """#),
      [
        "steps[0].extract.a.json: unexpected 'x', expected '$' at character 1",
        "steps[0].extract.b.regex: is not a regular expression",
        "steps[0].extract.params: is not a variable name: letters, digits and _ other than "
          + "params and vu",
        "steps[0].extract.c: must have exactly one of json, header, regex",
        "steps[0].extract.d: must have exactly one of json, header, regex",
        "steps[0].check[0]: must have exactly one of status, json, header, bodyContains, maxMs",
        "steps[0].check[1].status: must be one or more status codes between 100 and 599",
        "steps[0].check[2].status: must be one or more status codes between 100 and 599",
        "steps[0].check[3].equals: must not have ${…} inside of arrays and objects",
        "steps[0].check[4].maxMs: must be between 1 and 86400000",
        "steps[0].check[5].odd: unknown field",
        "steps[0].check[6]: must have at most one of equals, contains, exists",
      ])
  }

  func test_urls_areJudgedAsFarAsKnown() {
    func step(_ url: String) -> String { #"{"steps":[{"request":{"url":"\#(url)"}}]}"# }
    for url in [
      "http://h", "HTTPS://h/p?q=${vu.id}", "${params.base}/x", "http${params.s}://h",
      "http://${params.host}/", "http://h/a%20b", "https://[::1]:8080/",
    ] {
      XCTAssertEqual(errors(step(url)), [], url)
    }
    for url in ["", "h", "/path", "http://", "http:///p", "http://h/a b", "htp${params.x}"] {
      XCTAssertEqual(errors(step(url)).count, 1, url)
    }
  }

  func test_wholeScript_mustBeAnObjectWithSteps() {
    XCTAssertEqual(errors("[]"), [": must be an object with steps"])
    XCTAssertEqual(errors("{}"), ["steps: is required"])
    XCTAssertEqual(errors(#"{"steps":[]}"#), ["steps: must not be empty"])
    XCTAssertEqual(errors(#"{"steps":{}}"#), ["steps: must be an array"])
    XCTAssertTrue(errors("{").first?.contains("malformed JSON") == true)
  }

  func test_stepKinds_cannotBeMixed() {
    XCTAssertEqual(
      errors(#"{"steps":[{"sleepMs":1,"repeat":2,"steps":[{"sleepMs":1}]}]}"#).first,
      "steps[0]: must have exactly one of request, sleepMs, waitForEvent, repeat, if")
    XCTAssertEqual(
      errors(#"{"steps":[{"sleepMs":1,"check":[]}]}"#), ["steps[0].check: unknown field"])
    XCTAssertEqual(
      errors(#"{"steps":[{"request":{"url":"http://h","body":"a","form":{}}}]}"#),
      ["steps[0].request.form: cannot be given together with body"])
  }

  func test_variables_mayBeExtractedLaterInALoop() {
    XCTAssertEqual(
      errors(
        #"""
        {"steps":[{"repeat":"${params.n}","steps":[
          {"if":"${tok} != null","steps":[{"request":{"url":"http://h/${tok.a}"}}]},
          {"request":{"url":"http://h"},"extract":{"tok":{"json":"$"}}}]}]}
        """#), [])
  }

  func test_waitForEvent_isRead_andDefinesTheVariable() throws {
    let script = try StepsScript.parse(
      text: #"""
        {"steps":[{"waitForEvent":"load-url","timeoutMs":500},{"waitForEvent":"go"},
                  {"request":{"url":"${event.url}"}}]}
        """#)
    XCTAssertEqual(
      Array(script.steps.prefix(2)),
      [
        .waitForEvent(name: "load-url", timeoutMillis: 500),
        .waitForEvent(name: "go", timeoutMillis: 60_000),
      ])
    XCTAssertEqual(script.variables, ["event"])
    XCTAssertEqual(
      errors(
        #"{"steps":[{"waitForEvent":"","timeoutMs":0},{"waitForEvent":5,"sleepMs":1,"x":2}]}"#),
      [
        "steps[0].waitForEvent: must not be empty",
        "steps[0].timeoutMs: must be between 1 and 86400000",
        "steps[1]: must have exactly one of request, sleepMs, waitForEvent, repeat, if",
        "steps[1].waitForEvent: unknown field", "steps[1].x: unknown field",
      ])
  }

  func test_hugeObjects_areRefusedQuickly() {
    func members(_ count: Int, _ value: String) -> String {
      (0..<count).map { "\"k\($0)\":\(value)" }.joined(separator: ",")
    }
    let url = #""url":"http://h""#
    XCTAssertEqual(
      errors(#"{"steps":[{"request":{\#(url),"headers":{\#(members(1_001, "\"x\""))}}}]}"#),
      ["steps[0].request.headers: must have at most 1000 members"])
    XCTAssertEqual(
      errors(
        #"{"steps":[{"request":{\#(url)},"extract":{\#(members(1_001, #"{"header":"X"}"#))}}]}"#),
      ["steps: more than 1000 variables in the script"])
    XCTAssertEqual(
      errors(#"{"steps":[{"sleepMs":1}],\#(members(20_000, "0"))}"#).count, 1_000)
  }

  func test_size_isBounded() {
    func nested(_ depth: Int) -> String {
      String(repeating: #"{"repeat":1,"steps":["#, count: depth) + #"{"sleepMs":1}"#
        + String(repeating: "]}", count: depth)
    }
    XCTAssertEqual(errors(#"{"steps":[\#(nested(15))]}"#), [])
    XCTAssertEqual(errors(#"{"steps":[\#(nested(16))]}"#).count, 1)
    let many = Array(repeating: #"{"sleepMs":1}"#, count: 10_001).joined(separator: ",")
    XCTAssertEqual(
      errors(#"{"steps":[\#(many)]}"#), ["steps: more than 10000 steps in the script"])
  }
}
