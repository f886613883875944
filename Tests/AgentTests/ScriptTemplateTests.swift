import Shared
import XCTest

@testable import Agent

final class ScriptTemplateTests: XCTestCase {
  private func body(_ request: ScriptRequest?) -> String? {
    request?.body.map { String(decoding: $0, as: UTF8.self) }
  }

  func test_clientFields_areFilled() throws {
    var driver = try ScriptDriver(
      #"{"request":{"url":"http://h/${vu.id}/${vu.index}/${vu.regionalIndex}/"#
        + #"${vu.iteration}/${vu.region}/${vu.execution}/${vu.chunk}"}}"#)
    XCTAssertFalse(try driver.run(9))
    XCTAssertEqual(driver.log, ["GET http://h/3/3/1/9/north/77/88"])
  }

  func test_values_areShownPlainly() throws {
    var driver = try ScriptDriver(
      #"""
      {"request":{"url":"http://h/${params.i}/${params.d}/${params.w}/${params.b}/${params.a[1].k}",
        "body":"${params.o} ${params.n} $${x}"}}
      """#,
      params: #"{"i":5,"d":1.50,"w":2.0,"b":true,"a":[0,{"k":"v"}],"o":{"x":[1]},"n":null}"#)
    XCTAssertFalse(try driver.run())
    XCTAssertEqual(driver.log, ["GET http://h/5/1.5/2/true/v"])
    XCTAssertEqual(body(driver.requests.first), #"{"x":[1]} null ${x}"#)
  }

  func test_jsonBody_keepsTypesAndEscapes() throws {
    var driver = try ScriptDriver(
      #"""
      {"request":{"url":"http://h/a"},
       "extract":{"n":{"json":"$.n"},"s":{"json":"$.s"},"o":{"json":"$.o"}}},
      {"request":{"url":"http://h","method":"POST",
        "body":{"n":"${n}","s":"${s}","o":"${o}","t":"<${s}>","c":"\"","v":["${vu.id}"]}}}
      """#)
    XCTAssertFalse(try driver.run { _ in .ok(#"{"n":1.5,"s":"a\"b","o":{"k":[null]}}"#) })
    XCTAssertEqual(
      body(driver.requests.last),
      #"{"n":1.5,"s":"a\"b","o":{"k":[null]},"t":"<a\"b>","c":"\"","v":[3]}"#)
    XCTAssertEqual(driver.requests.last?.headers.first?.value, "application/json")
  }

  func test_form_isPercentEncoded() throws {
    var driver = try ScriptDriver(
      #"""
      {"request":{"url":"http://h","form":{"a b":"x&y=é","c":"${vu.region}~"}}},
      {"request":{"url":"http://h","form":{"a":"1 2","b":"*-._"}}}
      """#)
    XCTAssertFalse(try driver.run())
    XCTAssertEqual(body(driver.requests.first), "a+b=x%26y%3D%C3%A9&c=north%7E")
    XCTAssertEqual(body(driver.requests.last), "a=1+2&b=*-._")
  }

  func test_missingValue_makesARequestWithAProblem() throws {
    var driver = try ScriptDriver(
      #"""
      {"request":{"url":"http://h/1"},"extract":{"tok":{"json":"$.tok.id"}}},
      {"request":{"url":"http://h/2/${tok}"}},{"request":{"url":"http://h/3/${params.x.y[0]}"}},
      {"request":{"url":"http://h/4","body":{"t":"${tok.deep}"}}},{"request":{"url":"http://h/5"}}
      """#)
    XCTAssertTrue(try driver.run { _ in .ok("{}") })
    XCTAssertEqual(
      driver.log,
      [
        "GET http://h/1", "problem tok has no value", "problem params.x.y[0] has no value",
        "problem tok.deep has no value", "GET http://h/5",
      ])
    // The next iteration starts afresh.
    XCTAssertTrue(try driver.run(1) { _ in .ok(#"{"tok":{"id":{"deep":1}}}"#) })
    XCTAssertEqual(driver.log.dropFirst(5).first, "GET http://h/1")
    XCTAssertEqual(driver.log.dropFirst(8).first, "GET http://h/4")
  }

  func test_valuesCannotAddHeadersOrBreakURLs() throws {
    var driver = try ScriptDriver(
      #"""
      {"request":{"url":"http://h","headers":{"X":"${params.evil}"}}},
      {"request":{"url":"http://h/${params.space}"}},
      {"request":{"url":"http://h/${params.evil}"}},
      {"request":{"url":"http://h"},"extract":{"v":{"json":"$"}}},
      {"request":{"url":"http://h","headers":{"X":"${v}"}}}
      """#, params: #"{"evil":"a\r\nSet: b","space":"a b"}"#)
    XCTAssertTrue(try driver.run { _ in .ok(#""a\nb""#) })
    XCTAssertEqual(
      driver.log,
      [
        "problem header X has a control character in it",
        "GET http://h/a b", "problem invalid URL: it has a control character in it",
        "GET http://h",
        "problem header X has a control character in it",
      ])
  }

  func test_templatedName_isFilled() throws {
    var driver = try ScriptDriver(#"{"request":{"url":"http://h","name":"r${vu.regionalIndex}"}}"#)
    XCTAssertFalse(try driver.run())
    XCTAssertEqual(driver.requests.first?.name, "r1")
  }
}
