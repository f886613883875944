import Shared
import XCTest

@testable import Coordinator

final class ReportAxisTests: XCTestCase {
  private func chicago() throws -> ReportZone {
    try XCTUnwrap(ReportZone(identifier: "America/Chicago"))
  }

  func test_values_goToARoundNumberInRoundSteps() {
    XCTAssertEqual(ValueAxis(maximum: 62, steps: 3).ticks, [0, 25, 50, 75])
    XCTAssertEqual(ValueAxis(maximum: 0.004, steps: 3).labels(), ["0", "0.002", "0.004"])
    XCTAssertEqual(ValueAxis(maximum: 6.2, steps: 3).labels(), ["0", "2.5", "5.0", "7.5"])
    XCTAssertEqual(ValueAxis(maximum: 0).ticks, [0, 1])
    XCTAssertEqual(ValueAxis(maximum: .infinity).ticks, [0, 1])
    XCTAssertEqual(ValueAxis(maximum: 1, steps: 3, wholeOnly: true).ticks, [0, 1])
    XCTAssertEqual(ValueAxis(maximum: 3e9, steps: 3).labels().last, "3G")
  }

  func test_values_alwaysCoverTheMaximum() {
    var maximum = 1e-9
    while maximum < 1e15 {
      for steps in 2...5 {
        let axis = ValueAxis(maximum: maximum, steps: steps)
        XCTAssertGreaterThanOrEqual(axis.top, maximum * 0.999_999, "\(maximum) in \(steps)")
        XCTAssertLessThanOrEqual(axis.ticks.count, steps + 3, "\(maximum) in \(steps)")
      }
      maximum *= 1.7
    }
  }

  func test_times_areRoundOnTheWall() throws {
    // 2025-11-09 05:00:07 UTC.
    let start: Int64 = 1_762_664_407_000
    let ticks = TimeAxis.ticks(
      from: start, to: start + 597_000, ticksMax: 6, zone: try chicago())
    XCTAssertEqual(ticks.map(\.text), ["23:02", "23:04", "23:06", "23:08", "23:10"])
    // India is half an hour off: its hours are no hours of UTC.
    let india = try XCTUnwrap(ReportZone(identifier: "Asia/Kolkata"))
    let hours = TimeAxis.ticks(from: start, to: start + 10_800_000, ticksMax: 4, zone: india)
    XCTAssertEqual(hours.map(\.text), ["11:00", "12:00", "13:00"])
  }

  func test_times_followTheClockWhenItIsSetBack() throws {
    // From 2025-11-01 22:00 in Chicago over twelve hours: two o'clock becomes one o'clock.
    let start: Int64 = 1_762_052_400_000
    let ticks = TimeAxis.ticks(
      from: start, to: start + 12 * 3_600_000, ticksMax: 14, zone: try chicago())
    XCTAssertEqual(
      ticks.map(\.text),
      [
        "22:00", "23:00", "2 Nov", "01:00", "01:00", "02:00", "03:00", "04:00", "05:00", "06:00",
        "07:00", "08:00", "09:00",
      ])
    let steps = Set(zip(ticks, ticks.dropFirst()).map { $1.atMs - $0.atMs })
    XCTAssertEqual(steps, [3_600_000], "an hour of the axis is an hour")
  }

  func test_times_ofAnyLengthAreFew() {
    var span: Int64 = 1_000
    while span < 90_000_000_000_000 {
      for max in [2, 5, 9] {
        let ticks = TimeAxis.ticks(
          from: 1_700_000_000_123, to: 1_700_000_000_123 + span,
          ticksMax: max, zone: .utc)
        XCTAssertLessThanOrEqual(ticks.count, max + 2)
      }
      span = span * 3 / 2
    }
    XCTAssertEqual(TimeAxis.ticks(from: .min, to: .max, ticksMax: 5, zone: .utc), [])
  }

  func test_timeline_hasABucketForEachIntervalUntilThereAreTooMany() {
    let few = ReportTimeline(
      intervals: [100_000, 130_000], intervalMs: 10_000, bucketsMax: 10, zone: .utc)
    XCTAssertEqual(few.count, 4)
    XCTAssertEqual(few.index(of: 130_000), 3)
    XCTAssertNil(few.index(of: 140_000))
    XCTAssertNil(few.index(of: 90_000))
    let day = ReportTimeline(
      intervals: [0, 86_390_000], intervalMs: 10_000, bucketsMax: 440, zone: .utc)
    XCTAssertEqual(day.bucketMs, 200_000)
    XCTAssertEqual(day.count, 432)
    XCTAssertEqual(day.index(of: 86_390_000), 431)
  }

  func test_timeline_staysSmallWhateverTheClocksOfAgentsSay() {
    let wild = ReportTimeline(
      intervals: [-(1 << 62), 1 << 62], intervalMs: 10_000, bucketsMax: 440, zone: .utc)
    XCTAssertLessThanOrEqual(wild.count, 440)
    XCTAssertEqual(wild.index(of: -(1 << 62)), 0)
  }

  func test_bucketsAtTheEdges_areAsLongAsTheTestWasInThem() {
    let timeline = ReportTimeline(
      intervals: [100_000, 120_000], intervalMs: 10_000, bucketsMax: 10, zone: .utc)
    XCTAssertEqual(timeline.seconds(of: 0, from: 107_500, to: 124_000), 2.5)
    XCTAssertEqual(timeline.seconds(of: 1, from: 107_500, to: 124_000), 10)
    XCTAssertEqual(timeline.seconds(of: 2, from: 107_500, to: 124_000), 4)
    XCTAssertEqual(timeline.seconds(of: 2, from: 107_500, to: 115_000), 1)
  }

  func test_zones_areThoseOfTheDatabaseOnly() {
    for name in [
      "UTC", "GMT", "Etc/UTC", "Etc/GMT+5", "America/Chicago", "america/chicago", "US/Central",
      "Asia/Calcutta", "America/Argentina/Buenos_Aires",
    ] {
      XCTAssertNotNil(ReportZone(identifier: name), name)
    }
    for name in [
      "", "PST", "IST", "BST", "GMT+5", "Nowhere/At_All", "../etc/passwd", "America", "America/",
      "/America/Chicago", "posix/America/Chicago", "zone.tab", "tzdata.zi", "Europe/Berlin ",
      "Europe/Berlin\u{0}", String(repeating: "a/", count: 1_000),
    ] {
      XCTAssertNil(ReportZone(identifier: name), name)
    }
  }

  func test_zone_tellsTimesAsTheyWereThere() throws {
    let zone = try chicago()
    XCTAssertEqual(zone.dateTime(1_762_664_407_000), "8 Nov 2025, 23:00:07")
    XCTAssertEqual(zone.offsetText(at: 1_762_664_407_000), "UTC-06:00")
    XCTAssertEqual(zone.offsetText(at: 1_751_328_000_000), "UTC-05:00")
    XCTAssertEqual(ReportZone.utc.dateTime(1_762_664_407_000), "9 Nov 2025, 05:00:07")
    XCTAssertEqual(ReportZone.utc.name, "UTC")
  }
}
