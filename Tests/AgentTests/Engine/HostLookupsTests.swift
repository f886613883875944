import XCTest

@testable import Agent

final class HostLookupsTests: XCTestCase {
  func test_oneClientLooksUp_theOthersWaitForIt() {
    var lookups = HostLookups<Int>()
    XCTAssertTrue(lookups.mayGoOn("a", now: 0, waiter: 1))
    XCTAssertFalse(lookups.mayGoOn("a", now: 0, waiter: 2))
    XCTAssertFalse(lookups.mayGoOn("a", now: 0, waiter: 3))
    XCTAssertTrue(lookups.mayGoOn("b", now: 0, waiter: 4), "another name is another matter")
    XCTAssertEqual(lookups.ended("a", resolved: true, now: 1), [2, 3])
    XCTAssertTrue(lookups.mayGoOn("a", now: 2, waiter: 5))
    XCTAssertEqual(lookups.ended("a", resolved: true, now: 3), [])
  }

  func test_knownName_isLookedUpAgainByOne_whenItIsOld() {
    var lookups = HostLookups<Int>()
    _ = lookups.mayGoOn("a", now: 0, waiter: 1)
    _ = lookups.ended("a", resolved: true, now: 0)
    XCTAssertTrue(lookups.mayGoOn("a", now: 60_000_000_000, waiter: 2))
    XCTAssertFalse(lookups.mayGoOn("a", now: 60_000_000_000, waiter: 3))
  }

  func test_failedLookup_letsTheOthersFailForThemselves() {
    var lookups = HostLookups<Int>()
    _ = lookups.mayGoOn("a", now: 0, waiter: 1)
    XCTAssertFalse(lookups.mayGoOn("a", now: 0, waiter: 2))
    XCTAssertEqual(lookups.ended("a", resolved: false, now: 1), [2])
    XCTAssertTrue(lookups.mayGoOn("a", now: 2, waiter: 3))
  }

  func test_onlyNamesAreLookedUp() {
    for (url, host) in [
      ("http://shop.test/a?b", "shop.test"), ("HTTPS://Shop.Test:8443", "shop.test"),
      ("http://user:pw@shop.test/", "shop.test"), ("http://127.0.0.1:80/", nil),
      ("http://[::1]/", nil), ("http://localhost:1/", nil), ("http://a.localhost/", nil),
      ("http://b\u{fc}cher.test/", "xn--bcher-kva.test"), ("nonsense", nil), ("", nil),
    ] {
      XCTAssertEqual(ScriptRequest(method: "GET", url: url).lookupHost, host, url)
    }
  }
}
