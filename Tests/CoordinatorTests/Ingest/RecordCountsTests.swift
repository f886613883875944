import Shared
import XCTest

@testable import Coordinator

final class RecordCountsTests: XCTestCase {
  func test_bounds_areThoseOfTheLimits_andWhatIsCutIsCounted() {
    var counts = RecordCounts()
    counts.logs = Limits.logEntriesPerExecutionMax - 1
    counts.suiteResults = Limits.suiteResultsPerExecutionMax - 1
    counts.traces = Limits.tracesPerExecutionMax - 1
    for kind in [RecordCounts.Kind.logs, .suiteResults, .traces] {
      XCTAssertTrue(counts.admits(kind))
      XCTAssertNil(counts.announcement(of: kind))
      XCTAssertFalse(counts.admits(kind))
    }
    XCTAssertNil(counts.announcement(of: .logs), "of logs only the number is said, at the end")
    XCTAssertEqual(
      counts.announcement(of: .traces),
      "An execution keeps at most 10000 traces of 256 MiB in all. Later requests have none")
    XCTAssertFalse(counts.admits(.traces))
    XCTAssertNil(counts.announcement(of: .traces), "said once")
    XCTAssertEqual(
      counts.summaries,
      [
        "1 log entry of scripts was cut: an execution keeps at most 100000",
        "1 suite result was not kept",
      ])
  }

  func test_largeTraces_endTheirNumber() {
    var counts = RecordCounts()
    counts.traceBytes = Limits.traceBytesPerExecutionMax
    XCTAssertFalse(counts.admits(.traces))
  }

  func test_fileThatGrowsTooLarge_givesItsRoomBack() {
    var counts = RecordCounts()
    XCTAssertTrue(counts.admits(.files))
    XCTAssertTrue(counts.grows(file: 0, by: Limits.fileBytesMax))
    XCTAssertFalse(counts.grows(file: Int64(Limits.fileBytesMax), by: 1))
    XCTAssertEqual(counts.files, 0)
    XCTAssertEqual(counts.fileBytes, 0)
    XCTAssertEqual(counts.summaries, ["1 output file was not kept"])
    counts.fileBytes = Limits.fileBytesPerExecutionMax - 1
    XCTAssertTrue(counts.admits(.files))
    XCTAssertFalse(counts.grows(file: 0, by: 2))
    XCTAssertTrue(counts.admits(.files))
    XCTAssertTrue(counts.grows(file: 0, by: 1))
  }
}
