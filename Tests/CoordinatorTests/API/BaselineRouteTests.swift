import Foundation
import Shared
import TestSupport
import XCTest

@testable import Coordinator

/// Images that are compared with how they looked before, from the batch that brings them to what
/// the API says.
final class BaselineRouteTests: XCTestCase {
  private var fixture: APIFixture!
  private var comparer: BaselineComparer!
  private var configuration: Int64 = 0

  override func setUpWithError() throws {
    fixture = try APIFixture()
    comparer = BaselineComparer(store: fixture.store) { APIFixture.nowMs }
    configuration = try fixture.makeConfiguration()
  }

  override func tearDown() {
    comparer = nil
    fixture = nil
  }

  /// 5,000 pixels of which so many are changed.
  private func image(changed: Int = 0) -> [UInt8] {
    var image = TestImage(100, 50, (20, 120, 220))
    for index in 0..<changed { image[index % 100, index / 100] = (255, 255, 255) }
    return image.png
  }

  /// An execution in which the client of each of two regions writes these bytes; its files.
  private func run(
    _ bytes: [UInt8], as name: String = "home.png", compare: String? = "Home"
  ) throws -> (execution: Int64, files: [JSONObject]) {
    let execution = try fixture.call("POST", "/test-confs/\(configuration)/executions").id()
    var records = RunRecords()
    records.files = [RecordFactory.file(0, name, bytes: bytes)]
    records.files[0].metadata.compare = compare
    try fixture.commitResults(of: execution, perRegion: 1, records: records)
    while try comparer.compareNext() {}
    return (execution, try files(execution))
  }

  private func files(_ execution: Int64) throws -> [JSONObject] {
    try fixture.call("GET", "/executions/\(execution)/output-files").array()
      .compactMap(\.objectValue)
  }

  private func stores(_ query: String = "") throws -> [JSONObject] {
    try fixture.call("GET", "/data-stores\(query)").array().compactMap(\.objectValue)
  }

  private func id(_ object: JSONObject?) throws -> Int {
    try XCTUnwrap(object?["id"]?.intValue)
  }

  private func store(_ file: JSONObject) throws -> JSONObject {
    try XCTUnwrap(file["diffDataStore"]?.objectValue)
  }

  func test_firstImage_becomesWhatLaterOnesAreComparedWith() throws {
    let (_, first) = try run(image())
    XCTAssertEqual(first[0]["expectDiff"], .bool(true))
    XCTAssertEqual(first[0]["firstVersion"], .bool(true))
    XCTAssertNil(first[0]["diffPercent"])
    XCTAssertEqual(first[1]["firstVersion"], .bool(false), "the other region's came second")
    XCTAssertEqual(first[1]["diffPercent"], .int(0))

    let (execution, later) = try run(image(changed: 19))
    XCTAssertEqual(later[0]["diffPercent"], .double(0.38))
    XCTAssertEqual(later[0]["firstVersion"], .bool(false))
    let baseline = try store(later[0])
    XCTAssertEqual(baseline["id"], try store(first[0])["id"])
    XCTAssertEqual(baseline["name"], .string("Home"))
    XCTAssertEqual(baseline["type"], .string("image/png"))
    XCTAssertEqual(baseline["size"], .int(Int64(image().count)))
    XCTAssertEqual(baseline["rows"], .array([]))
    XCTAssertEqual(baseline["deleteType"], .string("DELETE"))
    XCTAssertEqual(baseline["firstVersion"], .bool(true))
    let answer = try fixture.call("GET", "/executions/\(execution)/output-files").json()
    assertShape(answer, .array(Shapes.outputFile))
    assertShape(answer, .array(Shapes.comparedFile))
  }

  func test_fileThatIsOnlyKept_hasNoDifference() throws {
    let (_, files) = try run(image(), compare: nil)
    XCTAssertEqual(files[0]["expectDiff"], .bool(false))
    XCTAssertEqual(files[0]["firstVersion"], .bool(false))
    for name in ["diffPercent", "diffDataStore", "diffProblem"] { XCTAssertNil(files[0][name]) }
    XCTAssertTrue(try stores().isEmpty)
  }

  func test_eachNameAndConfiguration_hasItsOwn() throws {
    _ = try run(image())
    XCTAssertEqual(try run(image(), compare: "Other").files[0]["firstVersion"], .bool(true))
    let first = configuration
    configuration = try fixture.makeConfiguration()
    XCTAssertEqual(try run(image()).files[0]["firstVersion"], .bool(true))
    XCTAssertEqual(try stores().count, 3)
    XCTAssertEqual(
      try stores("?testConf=\(first)").map { $0["name"] }, [.string("Other"), .string("Home")])
    XCTAssertEqual(try stores("?testConf=\(configuration)&limit=5").count, 1)
    XCTAssertEqual(try stores("?offset=1&limit=1").map { $0["name"] }, [.string("Other")])
    XCTAssertEqual(
      try fixture.call("GET", "/data-stores?testConf=x&who=1").badFields(), ["testConf", "who"])
  }

  func test_baseline_isShownAndDownloaded() throws {
    let baseline = try store(try run(image()).files[0])
    let path = "/data-stores/\(try id(baseline))"
    assertShape(try fixture.call("GET", path).json(), Shapes.dataStore)
    let content = try fixture.call("GET", "\(path)/download")
    XCTAssertEqual(content.body, image())
    XCTAssertEqual(
      content.header("Content-Disposition"), "attachment; filename=\"Home\"; filename*=UTF-8''Home")
    XCTAssertEqual(content.header("Content-Type"), "image/png")
    XCTAssertTrue(
      try fixture.call("GET", "\(path)/view").header("Content-Disposition")?.hasPrefix("inline;")
        ?? false)
    let small = try PNGReading(try fixture.call("GET", "\(path)/thumbnail").body)
    XCTAssertEqual([small.width, small.height], [100, 50])
    XCTAssertEqual(small[0, 0], [20, 120, 220])
    for (method, target) in [
      ("GET", "/data-stores/99"), ("GET", "/data-stores/99/view"), ("DELETE", "/data-stores/x"),
    ] { XCTAssertEqual(try fixture.call(method, target).status, 404) }
  }

  func test_deletedBaseline_isReplacedByTheNextImage() throws {
    let (first, files) = try run(image())
    let baseline = try id(try store(files[0]))
    let path = BaselineFiles(fixture.store).path(BaselineID(Int64(baseline)))
    XCTAssertTrue(FileManager.default.fileExists(atPath: path))
    XCTAssertEqual(try fixture.call("DELETE", "/data-stores/\(baseline)").id(), Int64(baseline))
    XCTAssertFalse(FileManager.default.fileExists(atPath: path))
    XCTAssertEqual(try fixture.call("GET", "/data-stores/\(baseline)").status, 404)
    XCTAssertNil(try self.files(first)[1]["diffDataStore"])
    XCTAssertEqual(try self.files(first)[1]["diffPercent"], .int(0), "it was so all the same")
    XCTAssertEqual(try run(image(changed: 5)).files[0]["firstVersion"], .bool(true))
    XCTAssertEqual(try run(image(changed: 5)).files[0]["diffPercent"], .int(0))
  }

  func test_acceptedImage_isWhatLaterOnesAreComparedWith() throws {
    _ = try run(image())
    let (execution, changed) = try run(image(changed: 500))
    XCTAssertEqual(changed[0]["diffPercent"], .int(10))
    let accept = "/output-files/\(try id(changed[0]))/accept-baseline"
    let answer = try fixture.call("POST", accept)
    XCTAssertEqual(answer.status, 201)
    XCTAssertEqual(answer.header("Location"), "/data-stores/\(try answer.id())")
    XCTAssertEqual(try answer.object()["firstVersion"], .bool(false))
    XCTAssertEqual(try fixture.call("POST", accept).status, 200, "it is already")
    let later = try run(image(changed: 500)).files[0]
    XCTAssertEqual(later["diffPercent"], .int(0))
    XCTAssertEqual(try id(try store(later)), Int(try answer.id()))
    // What the image differed from when it came is still shown.
    let old = try store(try files(execution)[0])
    XCTAssertNotEqual(try id(old), Int(try answer.id()))
    XCTAssertEqual(
      try fixture.call("GET", "/data-stores/\(try id(old))/download").body, image())
    XCTAssertEqual(try stores().map { $0["current"] }, [.bool(true), .bool(false)])
  }

  func test_whatCannotBeCompared_isNotAccepted() throws {
    let kept = try id(try run(image(), compare: nil).files[0])
    let broken = try id(try run([1, 2, 3]).files[0])
    for file in [kept, broken] {
      XCTAssertEqual(try fixture.call("POST", "/output-files/\(file)/accept-baseline").status, 409)
    }
    XCTAssertEqual(try fixture.call("POST", "/output-files/999/accept-baseline").status, 404)
    XCTAssertTrue(try stores().isEmpty)
  }

  func test_whatIsNoImage_saysSoAndIsNoBaseline() throws {
    let (execution, files) = try run(Array("no image".utf8))
    XCTAssertEqual(files[0]["expectDiff"], .bool(true))
    XCTAssertNil(files[0]["diffPercent"])
    XCTAssertEqual(
      files[0]["diffProblem"], .string("it is neither PNG nor JPEG, GIF or WebP"))
    let log = try fixture.call("GET", "/executions/\(execution)/logs.txt").text
    XCTAssertTrue(log.contains("could not be compared with how 'Home' looks"), log)
    XCTAssertTrue(try stores().isEmpty)
    XCTAssertEqual(try run(image()).files[0]["firstVersion"], .bool(true))
    let bomb = try run(TestImage.promise(60_000, 60_000)).files[0]
    XCTAssertEqual(
      bomb["diffProblem"],
      .string("it has 60000 x 60000 pixels, more than can be read"))
  }

  func test_baseline_outlivesItsExecutionButNotItsConfiguration() throws {
    let (execution, files) = try run(image())
    let baseline = try id(try store(files[0]))
    try delete(execution)
    XCTAssertEqual(try fixture.call("GET", "/data-stores/\(baseline)/view").body, image())
    let (next, later) = try run(image(changed: 50))
    XCTAssertEqual(later[0]["diffPercent"], .int(1))
    try delete(next)
    XCTAssertEqual(try fixture.call("DELETE", "/test-confs/\(configuration)").status, 200)
    XCTAssertTrue(try stores().isEmpty)
    XCTAssertEqual(try baselineNames(), [])
  }

  private func delete(_ execution: Int64) throws {
    XCTAssertEqual(try fixture.call("PATCH", "/executions/\(execution)/stop").status, 200)
    XCTAssertEqual(try fixture.call("DELETE", "/executions/\(execution)").status, 200)
    fixture.ingester.forget(ExecutionID(execution))
  }

  private func baselineNames() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(fixture.store.path)/baselines").sorted()
  }

  func test_whatWaitsAtTheStart_isCompared() throws {
    let execution = try fixture.call("POST", "/test-confs/\(configuration)/executions").id()
    var records = RunRecords()
    records.files = [RecordFactory.file(0, bytes: image())]
    records.files[0].metadata.compare = "Home"
    try fixture.commitResults(of: execution, perRegion: 1, records: records)
    XCTAssertNil(try files(execution)[0]["diffDataStore"])
    XCTAssertEqual(
      try fixture.call(
        "POST", "/output-files/\(try id(try files(execution)[0]))/accept-baseline"
      ).status, 409, "it is yet to be compared")
    let left = "\(fixture.store.path)/baselines"
    try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: true)
    XCTAssertTrue(FileManager.default.createFile(atPath: "\(left)/77", contents: nil))
    try comparer.start()
    try Poll.until("compared") { try files(execution)[1]["diffPercent"] == .int(0) }
    comparer.stop()
    XCTAssertEqual(try baselineNames(), ["1"], "what belongs to nothing is gone")
  }

  func test_baselineWithoutContent_isAProblemOfItsFilesUntilItIsDeleted() throws {
    let baseline = try id(try store(try run(image()).files[0]))
    BaselineFiles(fixture.store).remove([BaselineID(Int64(baseline))])
    XCTAssertEqual(
      try run(image()).files[0]["diffProblem"],
      .string("the content of baseline \(baseline) cannot be read"))
    XCTAssertEqual(try fixture.call("DELETE", "/data-stores/\(baseline)").status, 200)
    XCTAssertEqual(try run(image()).files[0]["firstVersion"], .bool(true))
  }
}
