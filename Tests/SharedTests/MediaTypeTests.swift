import Shared
import XCTest

final class MediaTypeTests: XCTestCase {
  func test_parameters_areNotPartOfTheType() {
    let type = MediaType("Text/Plain; boundary=x;Charset=\"utf-8\" ")
    XCTAssertEqual(type.essence, "text/plain")
    XCTAssertEqual(type.charset, "utf-8")
    XCTAssertEqual(MediaType("image/png").essence, "image/png")
    XCTAssertNil(MediaType("image/png").charset)
    XCTAssertEqual(MediaType("").essence, "")
    XCTAssertNil(MediaType("text/plain; charset").charset)
    XCTAssertNil(MediaType("text/plain; charset=a b").charset)
    XCTAssertNil(MediaType("text/plain; charset=x\r\nX-Evil: 1").charset)
  }

  func test_charset_isWhatIsNamedOrWhatTheBytesShow() {
    let latin: [UInt8] = [0x67, 0x72, 0xfc, 0x6e]
    let utf8 = Array("grün".utf8)
    XCTAssertEqual(MediaType("text/plain").charset(of: utf8), "UTF-8")
    XCTAssertEqual(MediaType("text/plain").charset(of: latin), "")
    XCTAssertEqual(MediaType("text/plain; charset=latin1").charset(of: latin), "latin1")
    XCTAssertEqual(MediaType("application/problem+json").charset(of: utf8), "UTF-8")
    XCTAssertEqual(MediaType("application/json").charset(of: []), "UTF-8")
    XCTAssertEqual(MediaType("image/png").charset(of: utf8), "")
    XCTAssertEqual(MediaType("application/octet-stream").charset(of: utf8), "")
  }
}
