import Foundation
import Shared
import XCTest

@testable import Coordinator

/// Reports of what nobody wants to see, but somebody will ask for.
final class ReportSizeTests: XCTestCase {
  private static func hostile(_ number: Int) -> String {
    let parts = [
      "GET http://host/", "漢字", "كلمة", "🐉", "x\u{0}\n\u{202e}", "é\u{301}\u{300}",
    ]
    var name = "\(number) "
    while name.utf8.count < 2_000 { name += parts[(number + name.utf8.count) % parts.count] }
    return name
  }

  func test_namesOfAnyKindAndLength_stayWithinTheirColumns() throws {
    let fixture = try ReportFixture()
    try fixture.complete(seconds: 60)
    let names = (0..<12).map(Self.hostile)
    try fixture.store(
      fixture.aggregates(intervals: 6, resources: names) { interval, _, row in
        if interval == 2 { (row.status, row.success) = (500, false) }
      })
    try fixture.log("Warning", Self.hostile(3))
    try fixture.api.store.write { db in
      var configuration = try XCTUnwrap(try TestConfigurationStore.list(in: db).first)
      configuration.name = Self.hostile(5)
      _ = try TestConfigurationStore.update(configuration, in: db)
    }
    for dashboard in ReportDashboard.allCases {
      let document = try fixture.document("?dashboardId=\(dashboard.rawValue)")
      XCTAssertLessThan(document.pages, 9, dashboard.rawValue)
      // The last column of each row is there, whatever stands in the first.
      if dashboard == .resources {
        let rows = document.text.split(separator: "\n").filter { $0.hasSuffix(" 600") }
        XCTAssertEqual(rows.count, 12, document.text)
      }
    }
  }

  func test_resourcesThatDifferInTheirMiddle_canBeToldApart() throws {
    let fixture = try ReportFixture()
    try fixture.complete(seconds: 60)
    let names = (0..<4).map {
      "GET https://shop.example/a/long/way/to/number\($0)/and/on/to/what/all/of/them/have/in/common"
    }
    try fixture.store(fixture.aggregates(intervals: 1, resources: names))
    for dashboard in [ReportDashboard.overview, .resources] {
      let text = try fixture.document("?dashboardId=\(dashboard.rawValue)").text
      for number in 0..<4 {
        XCTAssertTrue(text.contains("number\(number)/"), "\(dashboard), \(number): \(text)")
      }
    }
  }

  func test_thousandsOfResources_areAllListed() throws {
    let fixture = try ReportFixture()
    try fixture.complete(seconds: 60)
    let names = (0..<2_000).map { "GET /item-\($0)" }
    try fixture.store(fixture.aggregates(intervals: 1, resources: names))
    let began = Date()
    let document = try fixture.document("?dashboardId=resources")
    XCTAssertLessThan(-began.timeIntervalSinceNow, 15)
    let words = Set(document.words)
    for number in 0..<2_000 where !words.contains("/item-\(number)") {
      XCTFail("item \(number) is missing")
      break
    }
    let heads = document.text.components(separatedBy: "Requests   ").count - 1
    XCTAssertGreaterThanOrEqual(heads, document.pages - 5, "heads are repeated on each page")
  }

  func test_aDayOfIntervals_isDrawnInTime() throws {
    let fixture = try ReportFixture()
    try fixture.complete(seconds: 86_400)
    try fixture.store(fixture.aggregates(intervals: 8_640, resources: ["GET /a", "GET /b"]))
    let began = Date()
    let answer = try fixture.get("/results.pdf")
    XCTAssertLessThan(-began.timeIntervalSinceNow, 15)
    XCTAssertLessThan(answer.body.count, 1_000_000)
    let document = try ReportDocument(answer.body)
    XCTAssert(document.contains("3 min 20 s a point"))
    XCTAssert(document.words.contains("17280"))
  }

  func test_twoAtOnce_doNotDisturbEachOther() throws {
    let fixture = try ReportFixture()
    try fixture.complete(seconds: 60)
    try fixture.store(fixture.aggregates(intervals: 6, resources: ["GET /a", "GET /b"]))
    let alone = try fixture.get("/results.pdf").body
    let (api, path) = (fixture.api.api, "/executions/\(fixture.id)/results.pdf")
    let counts = (0..<4).map { _ in
      let thread = ReportThread {
        (0..<5).map { _ in
          if case .bytes(let bytes) = api.handle(HTTPRequest("GET", path)).body {
            return bytes.count
          }
          return 0
        }
      }
      thread.start()
      return thread
    }.flatMap { $0.wait() }
    XCTAssertEqual(counts, [Int](repeating: alone.count, count: 20))
  }
}

/// Runs something on a thread of its own.
///
/// `@unchecked Sendable`: `result` is written before the signal and read after it.
private final class ReportThread: @unchecked Sendable {
  private let body: @Sendable () -> [Int]
  private let done = DispatchSemaphore(value: 0)
  private var result: [Int] = []

  init(_ body: @escaping @Sendable () -> [Int]) { self.body = body }

  func start() {
    let thread = Thread {
      self.result = self.body()
      self.done.signal()
    }
    thread.start()
  }

  func wait() -> [Int] {
    done.wait()
    return result
  }
}
