import Shared
import XCTest

@testable import Coordinator

final class RouterTests: XCTestCase {
  private func router() -> Router<Int> {
    var router = Router<Int>()
    router.add("GET", pattern: "a", 1)
    router.add("POST", pattern: "a", 2)
    router.add("PATCH", "PUT", pattern: "a/:id/go", 3)
    router.add("GET", pattern: "a/:id/b.csv", 4)
    router.add("GET", "DELETE", pattern: "c/:id", 5)
    router.add("GET", pattern: "c/:id.har", 6)
    return router
  }

  private func found(_ method: String, _ path: [String]) -> (Int, [String: String])? {
    guard case .found(let handler, let parameters) = router().match(method, path) else {
      return nil
    }
    return (handler, parameters)
  }

  func test_match_bindsParameters() {
    XCTAssertEqual(found("GET", ["a"])?.0, 1)
    XCTAssertEqual(found("HEAD", ["a"])?.0, 1)
    XCTAssertEqual(found("POST", ["a"])?.0, 2)
    XCTAssertEqual(found("PUT", ["a", "7", "go"])?.0, 3)
    XCTAssertEqual(found("PATCH", ["a", "x/y", "go"])?.1, ["id": "x/y"])
    XCTAssertEqual(found("HEAD", ["a", "7", "b.csv"])?.0, 4)
    XCTAssertNil(found("GET", ["a", "7"]))
    XCTAssertNil(found("GET", []))
  }

  func test_ending_tellsARouteFromThatWithoutIt() {
    XCTAssertEqual(found("GET", ["c", "7"])?.0, 5)
    XCTAssertEqual(found("GET", ["c", "7.har"])?.0, 6)
    XCTAssertEqual(found("HEAD", ["c", "7.har"])?.1, ["id": "7"])
    XCTAssertEqual(found("GET", ["c", "7.har.har"])?.1, ["id": "7.har"])
    XCTAssertEqual(found("GET", ["c", ".har"])?.1, ["id": ".har"], "nothing is no parameter")
    XCTAssertEqual(found("DELETE", ["c", "7"])?.0, 5)
  }

  func test_otherMethods_listsThoseOfAllRoutesOfThePath() {
    guard case .otherMethods(let allowed) = router().match("DELETE", ["a"]) else {
      return XCTFail("the path is there")
    }
    XCTAssertEqual(allowed, ["GET", "HEAD", "POST"])
  }

  func test_percentDecoding_isStrict() {
    XCTAssertEqual(PercentCoding.decode("a%20b%2Fc".utf8), "a b/c")
    XCTAssertEqual(PercentCoding.decode("a+b".utf8), "a+b")
    XCTAssertEqual(PercentCoding.decode("a+b".utf8, plusIsSpace: true), "a b")
    XCTAssertEqual(PercentCoding.decode("%c3%A9".utf8), "é")
    XCTAssertEqual(PercentCoding.encode("aZ09 é/-%", keeping: "-"), "aZ09%20%C3%A9%2F-%25")
    for text in ["%", "%1", "%g0", "%c3", "%ff"] {
      XCTAssertNil(PercentCoding.decode(text.utf8), text)
    }
  }

  func test_request_splitsTarget() {
    let request = HTTPRequest("GET", "/a%2Fb//c?x=1&y=a%26b&x=2&flag#part")
    XCTAssertEqual(request.path, ["a/b", "", "c"])
    XCTAssertEqual(request.query?.map(\.name), ["x", "y", "x", "flag"])
    XCTAssertEqual(request.query?.map(\.value), ["1", "a&b", "2", ""])
  }

  func test_bodyStream_readsAcrossPieces() throws {
    var pieces: [[UInt8]] = [[1, 2, 3], [], [4], [5, 6]]
    let stream = BodyStream { pieces.isEmpty ? nil : pieces.removeFirst() }
    var buffer = [UInt8](repeating: 0, count: 2)
    var all: [UInt8] = []
    while true {
      let count = try buffer.withUnsafeMutableBytes { try stream.read(into: $0) }
      if count == 0 { break }
      all += buffer.prefix(count)
    }
    XCTAssertEqual(all, [1, 2, 3, 4, 5, 6])
  }

  func test_pagedSource_passesOverWhatMoved() throws {
    var list = Array((1...10).reversed())
    var source = PagedSource(Page(limit: 9), pageSize: 4, id: { Int64($0) }) { page in
      defer { list.insert((list.first ?? 0) + 1, at: 0) }
      return Array(list.dropFirst(page.offset).prefix(page.limit ?? .max))
    }
    var read: [Int] = []
    while let elements = try source.next() { read += elements }
    XCTAssertEqual(read, [10, 9, 8, 7, 6, 5, 4, 3, 2])
  }
}
