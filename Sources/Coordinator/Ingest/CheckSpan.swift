import Shared

/// Between which times a check was made and failed, and who was the first to see it fail.
/// Microseconds since the Unix epoch.
struct CheckSpan: Sendable, Equatable {
  struct Failures: Sendable, Equatable {
    var firstAtMicros: Int64
    var lastAtMicros: Int64
    /// Of the first one.
    var moment: ClientMoment
  }

  var firstAtMicros = Int64.max
  var lastAtMicros = Int64.min
  var failures: Failures?

  init() {}

  mutating func add(_ row: CheckRow) {
    firstAtMicros = min(firstAtMicros, row.atMicros)
    lastAtMicros = max(lastAtMicros, row.atMicros)
    guard !row.passed else { return }
    add(
      Failures(
        firstAtMicros: row.atMicros, lastAtMicros: row.atMicros,
        moment: ClientMoment(client: row.client, iteration: row.iteration)))
  }

  private mutating func add(_ other: Failures) {
    guard let before = failures else {
      failures = other
      return
    }
    let first = other.firstAtMicros < before.firstAtMicros ? other : before
    failures = Failures(
      firstAtMicros: first.firstAtMicros,
      lastAtMicros: max(before.lastAtMicros, other.lastAtMicros), moment: first.moment)
  }

  mutating func merge(_ other: CheckSpan) {
    firstAtMicros = min(firstAtMicros, other.firstAtMicros)
    lastAtMicros = max(lastAtMicros, other.lastAtMicros)
    if let failures = other.failures { add(failures) }
  }

  func encode(to writer: inout VarIntWriter) {
    writer.signed(firstAtMicros)
    writer.signed(lastAtMicros)
    writer.unsigned(failures == nil ? 0 : 1)
    guard let failures else { return }
    writer.signed(failures.firstAtMicros)
    writer.signed(failures.lastAtMicros)
    writer.unsigned(UInt64(failures.moment.client))
    writer.unsigned(UInt64(failures.moment.iteration))
  }

  init(from reader: inout VarIntReader) throws(VarIntError) {
    firstAtMicros = try reader.signed()
    lastAtMicros = try reader.signed()
    guard try reader.unsigned() != 0 else { return }
    let (first, last) = (try reader.signed(), try reader.signed())
    guard let client = UInt32(exactly: try reader.unsigned()),
      let iteration = UInt32(exactly: try reader.unsigned())
    else { throw VarIntError("a check failed for nobody") }
    failures = Failures(
      firstAtMicros: first, lastAtMicros: last,
      moment: ClientMoment(client: client, iteration: iteration))
  }
}
