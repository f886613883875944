import XCTest

@testable import Agent

final class HeaderMaskTests: XCTestCase {
  func test_values_ofHeadersThatLetIn_areHidden() {
    XCTAssertEqual(HeaderMask.value("Bearer abc", of: "Authorization"), "Bearer ***")
    XCTAssertEqual(HeaderMask.value("basic dTpw", of: "PROXY-AUTHORIZATION"), "basic ***")
    XCTAssertEqual(HeaderMask.value("abc", of: "authorization"), "***")
    XCTAssertEqual(HeaderMask.value("my token", of: "authorization"), "***")
    XCTAssertEqual(HeaderMask.value("a=1; b=2=3;c", of: "Cookie"), "a=***; b=***;***")
    XCTAssertEqual(
      HeaderMask.value("sid=abc; Path=/; HttpOnly", of: "set-cookie"),
      "sid=***; Path=/; HttpOnly")
    XCTAssertEqual(HeaderMask.value("Bearer abc", of: "X-Other"), "Bearer abc")
  }

  func test_texts_loseTheValuesOfSuchHeaders() {
    let cases = [
      ("nothing of note", "nothing of note"),
      ("the cookie jar is empty", "the cookie jar is empty"),
      ("Authorization: Bearer a b\nnext", "Authorization: ***\nnext"),
      ("set-cookie=a=1; b", "set-cookie=***"),
      (
        #"{"Authorization":"Bearer abc","x":1}"#, #"{"Authorization":"***","x":1}"#
      ),
      (#"{ cookie: 'a=1', x: 1 }"#, #"{ cookie: '***', x: 1 }"#),
      (
        #"{\"Set-Cookie\":\"a=\\\"1\\\"\",\"x\":1}"#, #"{\"Set-Cookie\":\"***\",\"x\":1}"#
      ),
      (#"{"Cookie":"a=\"1\"; b","x":1}"#, #"{"Cookie":"***","x":1}"#),
      (#"{"Set-Cookie":["a=1","b=2"],"x":1}"#, #"{"Set-Cookie":["***],"x":1}"#),
      (#"{"Authorization":null,"x":1}"#, #"{"Authorization":null,"x":1}"#),
      (#"{"cookie":"a","authorization":"b"}"#, #"{"cookie":"***","authorization":"***"}"#),
      ("HTTP_COOKIE: a", "HTTP_COOKIE: a"), ("mycookie=a; cookie=b", "mycookie=a; cookie=***"),
      (#"{"cookie":"cut"#, #"{"cookie":"***"#), ("cookie:", "cookie:"),
      ("cookie: \"", "cookie: \""),
    ]
    for (text, shown) in cases { XCTAssertEqual(HeaderMask.masked(text), shown) }
  }
}
