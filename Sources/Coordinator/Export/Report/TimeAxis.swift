/// Times along a chart, at round numbers of the clock on the wall.
enum TimeAxis {
  struct Tick: Equatable, Sendable {
    /// Milliseconds since the Unix epoch.
    var atMs: Int64
    var text: String
  }

  private static let second: Int64 = 1_000
  private static let minute: Int64 = 60_000
  private static let hour: Int64 = 3_600_000
  private static let day: Int64 = 86_400_000
  private static let steps: [Int64] =
    [1, 2, 5, 10, 15, 20, 30].map { $0 * second }
    + [1, 2, 5, 10, 15, 20, 30].map { $0 * minute }
    + [1, 2, 3, 4, 6, 12].map { $0 * hour }
    + [1, 2, 7, 14, 30, 90, 365].map { $0 * day }

  /// At most `ticksMax` ticks between two times, in milliseconds since the Unix epoch.
  static func ticks(
    from startMs: Int64, to endMs: Int64, ticksMax: Int, zone: ReportZone
  ) -> [Tick] {
    let (span, overflow) = endMs.subtractingReportingOverflow(startMs)
    // A century and more: times that nobody measured.
    guard !overflow, span > 0, span < 36_500 * day, ticksMax > 0 else { return [] }
    let step = steps.first { span / $0 < Int64(ticksMax) } ?? span
    // Offsets are multiples of a quarter of an hour, so every round local time is among these,
    // whatever changes between start and end. (Before 1972 some were not.)
    let raster = min(step, 15 * minute)
    var ticks: [Tick] = []
    var at = startMs - startMs.remainder(raster)
    while at <= endMs {
      if at >= startMs, isRound(at, step, zone) {
        ticks.append(Tick(atMs: at, text: text(at, step, zone)))
      }
      at += raster
    }
    return Array(ticks.prefix(ticksMax + 2))
  }

  private static func isRound(_ ms: Int64, _ step: Int64, _ zone: ReportZone) -> Bool {
    let local = zone.local(ms)
    guard step >= day else { return local.remainder(day) % step == 0 }
    let days = (local - local.remainder(day)) / day
    return local.remainder(day) == 0 && days.remainder(step / day) == 0
  }

  private static func text(_ ms: Int64, _ step: Int64, _ zone: ReportZone) -> String {
    // Midnight says what day begins.
    if zone.local(ms).remainder(day) == 0 { return zone.day(ms) }
    return zone.time(ms, seconds: step < minute)
  }
}
