import Foundation
import Shared
import TestSupport
import XCTest

@testable import Coordinator

/// How contents of output files are answered: in memory and over a socket.
final class FileContentRouteTests: XCTestCase {
  private var fixture: APIFixture!

  override func setUpWithError() throws { fixture = try APIFixture() }

  /// Stores files and answers the metadata of those that the first region has.
  private func store(_ parts: [FilePart]) throws -> [JSONObject] {
    let execution = try fixture.makeExecution()
    var records = RunRecords()
    records.files = parts
    try fixture.commitResults(of: execution, perRegion: 0, records: records)
    return try fixture.call("GET", "/executions/\(execution)/output-files").array()
      .compactMap(\.objectValue)
  }

  override func tearDown() {
    fixture = nil
  }

  private func path(_ file: JSONObject, _ what: String) throws -> String {
    "/output-files/\(try XCTUnwrap(file["id"]?.intValue))/\(what)"
  }

  private func call(
    _ target: String, _ headers: [(name: String, value: String)]
  ) throws -> Answer {
    let response = fixture.api.handle(HTTPRequest("GET", target, headers: headers))
    switch response.body {
    case .bytes(let bytes):
      return Answer(status: response.status, headers: response.headers, body: bytes)
    case .stream(let stream):
      return Answer(
        status: response.status, headers: response.headers, body: try stream.readAll())
    }
  }

  func test_charset_isShownAndSent() throws {
    var parts = [
      RecordFactory.file(0, "a.txt"), RecordFactory.file(1, "b.txt"), RecordFactory.file(2),
    ]
    parts[0].metadata.contentType = "text/plain"
    parts[0].metadata.charset = "UTF-8"
    // As agents of before send it.
    parts[1].metadata.contentType = "Text/CSV; charset=latin1; header=present"
    let files = try store(parts)
    XCTAssertEqual(files[0]["charset"], .string("UTF-8"))
    XCTAssertEqual(files[1]["charset"], .string("latin1"))
    XCTAssertEqual(files[1]["type"], .string("text/csv"))
    XCTAssertEqual(files[2]["charset"], .string(""))
    XCTAssertNil(files[0]["thumbnailUrl"])
    func type(_ file: JSONObject) throws -> String? {
      try fixture.call("GET", path(file, "view")).header("Content-Type")
    }
    XCTAssertEqual(try type(files[0]), "text/plain; charset=UTF-8")
    XCTAssertEqual(try type(files[1]), "text/csv; charset=latin1")
    XCTAssertEqual(try type(files[2]), "image/png")
  }

  func test_rangesAndTags_areAnswered() throws {
    let file = try store([RecordFactory.file(0, bytes: Array("0123456789".utf8))])[0]
    let target = try path(file, "download")
    let whole = try fixture.call("GET", target)
    XCTAssertEqual(whole.header("Accept-Ranges"), "bytes")
    let tag = try XCTUnwrap(whole.header("ETag"))
    let part = try call(target, [("Range", "bytes=2-4"), ("If-Range", tag)])
    XCTAssertEqual(part.status, 206)
    XCTAssertEqual(part.text, "234")
    XCTAssertEqual(part.header("Content-Range"), "bytes 2-4/10")
    let nothing = try call(target, [("Range", "bytes=10-")])
    XCTAssertEqual(nothing.status, 416)
    XCTAssertEqual(nothing.header("Content-Range"), "bytes */10")
    XCTAssertEqual(nothing.header("Content-Type"), "application/problem+json")
    XCTAssertEqual(try call(target, [("If-None-Match", "\"x\", \(tag)")]).status, 304)
    XCTAssertEqual(try call(target, [("If-None-Match", "\"x\"")]).text, "0123456789")
  }

  func test_thumbnail_isSmallAndNeedNotBeFetchedTwice() throws {
    let files = try store([
      RecordFactory.file(0, bytes: TestImage(400, 150, (5, 90, 200)).png), RecordFactory.file(1),
    ])
    let target = try path(files[0], "thumbnail")
    XCTAssertTrue(files[0]["thumbnailUrl"]?.stringValue?.hasSuffix(target) ?? false)
    let answer = try fixture.call("GET", target)
    XCTAssertEqual(answer.status, 200)
    XCTAssertEqual(answer.header("Content-Type"), "image/png")
    XCTAssertEqual(answer.header("Cache-Control"), "private, max-age=86400")
    let small = try PNGReading(answer.body)
    XCTAssertEqual([small.width, small.height], [320, 120])
    XCTAssertEqual(small[160, 60], [5, 90, 200])
    let tag = try XCTUnwrap(answer.header("ETag"))
    XCTAssertNotEqual(tag, try fixture.call("GET", path(files[0], "view")).header("ETag"))
    XCTAssertEqual(try call(target, [("If-None-Match", tag)]).status, 304)
    XCTAssertEqual(try fixture.call("GET", path(files[1], "thumbnail")).status, 415)
    XCTAssertEqual(try fixture.call("GET", "/output-files/99/thumbnail").status, 404)
    XCTAssertEqual(try fixture.call("GET", "\(target)?size=3").badFields(), ["size"])
  }

  func test_thumbnailOfABomb_isAProblem() throws {
    let file = try store([RecordFactory.file(0, bytes: TestImage.promise(50_000, 50_000))])[0]
    let answer = try fixture.call("GET", path(file, "thumbnail"))
    XCTAssertEqual(answer.status, 422)
    XCTAssertTrue(answer.text.contains("50000 x 50000 pixels"), answer.text)
  }

  func test_contentsOfAnySize_comeWholeOverASocket() throws {
    let partBytes = Limits.filePartBytesMax
    let large = (0..<(3 * partBytes + 17)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    var parts = [RecordFactory.file(0, "empty", bytes: [])]
    for index in 0..<4 {
      let bytes = Array(large[index * partBytes..<min(large.count, (index + 1) * partBytes)])
      parts.append(
        RecordFactory.file(
          1, "große Datei 文件.bin", part: UInt32(index), isLast: index == 3, bytes: bytes))
    }
    parts.append(RecordFactory.file(2, "empty", bytes: [7]))
    let files = try store(parts)
    let api = fixture.api
    let server = try HTTPServer(address: HostPort(host: "127.0.0.1", port: 0)) { api.handle($0) }
    defer { server.stop() }
    let http = HTTPClient(port: server.port)
    let expected = [[], large, [7]]
    for (file, bytes) in zip(files, expected) {
      let answer = try http.get(path(file, "download"))
      XCTAssertEqual(answer.status, 200)
      XCTAssertEqual(answer.headers["content-length"], String(bytes.count))
      XCTAssertEqual(answer.body, bytes)
      let head = try http.send("HEAD", path(file, "download"))
      XCTAssertEqual(head.status, 200)
      XCTAssertEqual(head.headers["content-length"], String(bytes.count))
      XCTAssertEqual(head.body, [])
    }
    let part = try http.send(
      "GET", path(files[1], "view"), headers: ["Range": "bytes=-100"])
    XCTAssertEqual(part.status, 206)
    XCTAssertEqual(part.headers["content-length"], "100")
    XCTAssertEqual(part.body, Array(large.suffix(100)))
    XCTAssertEqual(
      files.prefix(3).map { $0["name"]?.stringValue }, ["empty", "große Datei 文件.bin", "empty"])
  }
}
