import Foundation
import Shared
import XCTest

final class HTTPSettingsTests: XCTestCase {
  func test_settings_surviveCoding_alsoThoseOfEarlierVersions() throws {
    let settings = HTTPSettings(redirectsMax: 3, reusesConnections: false, userAgent: "me/1")
    let bytes = try JSONEncoder().encode(settings)
    XCTAssertEqual(try JSONDecoder().decode(HTTPSettings.self, from: bytes), settings)
    let earlier = """
      {"version":"2","verifyTLS":false,"requestTimeoutMs":5,"redirectsMax":1,"bodyBytesMax":9}
      """
    XCTAssertEqual(
      try JSONDecoder().decode(HTTPSettings.self, from: Data(earlier.utf8)),
      HTTPSettings(
        version: .http2, verifyTLS: false, requestTimeoutMs: 5, redirectsMax: 1, bodyBytesMax: 9))
  }
}
