import Shared
import XCTest

@testable import Coordinator

final class OutputFileRouteTests: XCTestCase {
  private var fixture: APIFixture!
  private var id: Int64 = 0

  override func setUpWithError() throws {
    fixture = try APIFixture()
    id = try fixture.makeExecution()
    var records = RunRecords()
    records.files = [
      RecordFactory.file(0), RecordFactory.file(1, "b.txt", isOfFailure: true),
      RecordFactory.file(2, "half", isLast: false),
    ]
    records.files[1].metadata.contentType = "text/plain"
    records.files[1].metadata.atMicros += 5_000_000
    records.files[1].metadata.moment = ClientMoment(client: 4, iteration: 0)
    try fixture.commitResults(of: id, perRegion: 1, records: records)
  }

  override func tearDown() {
    fixture = nil
  }

  private func list(_ query: String = "") throws -> [JSONObject] {
    try fixture.call("GET", "/executions/\(id)/output-files\(query)").array()
      .compactMap(\.objectValue)
  }

  private func names(_ query: String) throws -> [String?] {
    try list(query).map { $0["name"]?.stringValue }
  }

  private func number(_ object: JSONObject, _ name: String) throws -> Int64 {
    guard case .int(let value)? = object[name] else { throw Unexpected(what: "no \(name)") }
    return value
  }

  func test_metadata_hasTheShapeOfTheAPI() throws {
    let answer = try fixture.call("GET", "/executions/\(id)/output-files")
    assertShape(try answer.json(), .array(Shapes.outputFile))
    let files = try list()
    XCTAssertEqual(files.count, 4, "what is not whole is not listed")
    XCTAssertEqual(files[2]["threadId"], .string("\(id):south:1"))
    XCTAssertEqual(files[2]["iterationId"]?.stringValue?.hasPrefix("\(id):south:1:"), true)
    XCTAssertEqual(files[3]["regionalConcurrentClientIndex"], .int(1))
    XCTAssertEqual(files[3]["globalConcurrentClientIndex"], .int(4))
    XCTAssertEqual(files[0]["isImage"], .bool(true))
    XCTAssertEqual(files[1]["isImage"], .bool(false))
    XCTAssertEqual(files[1]["size"], .int(3))
  }

  func test_list_isNarrowedByEveryParameter() throws {
    let at = RecordFactory.at / 1_000
    XCTAssertEqual(try names("?since=\(at + 1)"), ["b.txt", "b.txt"])
    XCTAssertEqual(try names("?until=\(at + 1)&limit=1"), ["a.png"])
    XCTAssertEqual(try names("?contentType=text%2Fplain&offset=1"), ["b.txt"])
    XCTAssertEqual(try names("?client=4"), ["b.txt", "b.txt"])
    XCTAssertEqual(try names("?iteration=2"), ["a.png", "a.png"])
    XCTAssertEqual(try names("?failuresOnly=true"), ["b.txt", "b.txt"])
    let region = try number(try list()[0], "executionRegionId")
    XCTAssertEqual(try names("?regions=\(region),999"), ["a.png", "b.txt"])
    XCTAssertEqual(try names("?agent=1"), [], "no agent has this number here")
    XCTAssertEqual(try names("?agent=3cd00a3a-0387-42a0-be1d-85d6899008d1"), [], "nor this UUID")
    XCTAssertEqual(
      try fixture.call("GET", "/executions/\(id)/output-files?regions=a&since=x&agent=1,")
        .badFields(),
      ["since", "agent", "regions"])
  }

  func test_failureLaterInTheIteration_relatesToItsFiles() throws {
    let other = try fixture.makeExecution()
    var records = RunRecords()
    records.files = [RecordFactory.file(0)]
    records.suiteResults = [RecordFactory.suite(failure: "no")]
    try fixture.commitResults(of: other, perRegion: 0, records: records)
    let files = try fixture.call("GET", "/executions/\(other)/output-files?failuresOnly=true")
      .array().compactMap(\.objectValue)
    XCTAssertEqual(files.count, 2)
    XCTAssertEqual(files[0]["isRelatedToFailure"], .bool(true))
    XCTAssertNotNil(files[0]["suiteTestResultId"])
  }

  func test_download_givesTheBytesUnderTheirName() throws {
    let files = try list()
    let image = try fixture.call("GET", "/output-files/\(try number(files[0], "id"))/download")
    XCTAssertEqual(image.body, [1, 2, 3])
    XCTAssertEqual(image.header("Content-Type"), "image/png")
    XCTAssertEqual(
      image.header("Content-Disposition"),
      "attachment; filename=\"a.png\"; filename*=UTF-8''a.png")
    XCTAssertEqual(image.header("X-Content-Type-Options"), "nosniff")
    let view = try fixture.call("GET", "/output-files/\(try number(files[0], "id"))/view")
    XCTAssertTrue(view.header("Content-Disposition")?.hasPrefix("inline") ?? false)
    XCTAssertEqual(view.header("Content-Security-Policy"), "sandbox; default-src 'none'")
    XCTAssertEqual(try fixture.call("GET", "/output-files/999/download").status, 404)
    XCTAssertEqual(
      try fixture.call("GET", "/output-files/3/download").status, 404, "it never came whole")
  }

  func test_hostileNamesAndTypes_stayWithinTheirHeaders() throws {
    let other = try fixture.makeExecution()
    var records = RunRecords()
    records.files = [RecordFactory.file(0, "größe \"1\".txt")]
    records.files[0].metadata.contentType = "text/html\r\nX-Evil: 1"
    try fixture.commitResults(of: other, perRegion: 0, records: records)
    let file = try XCTUnwrap(
      try fixture.call("GET", "/executions/\(other)/output-files").array().first?.objectValue)
    let answer = try fixture.call("GET", "/output-files/\(try number(file, "id"))/download")
    XCTAssertEqual(answer.header("Content-Type"), "application/octet-stream")
    XCTAssertEqual(
      answer.header("Content-Disposition"),
      "attachment; filename=\"gr__e _1_.txt\"; filename*=UTF-8''gr%C3%B6%C3%9Fe%20%221%22.txt")
  }

  func test_urls_nameTheHostThatWasAsked() throws {
    func url(_ host: String) throws -> String? {
      let request = HTTPRequest(
        "GET", "/executions/\(id)/output-files?limit=1", headers: [(name: "Host", value: host)])
      guard case .stream(let stream) = fixture.api.handle(request).body else { return nil }
      return try JSONValue.parse(try stream.readAll()).arrayValue?.first?.objectValue?["url"]?
        .stringValue
    }
    let file = try number(try list()[0], "id")
    XCTAssertEqual(try url("load:8080"), "http://load:8080/output-files/\(file)/download")
    XCTAssertEqual(try url("a\"b"), "/output-files/\(file)/download")
  }
}
