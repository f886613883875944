import Shared

/// What is known of a data table when its text has been read once: its columns, its rows, and
/// where every 1,024th row begins. Collects what is wrong with it. Pure.
struct TableIndex {
  /// Rows from one known offset to the next.
  static let stride = 1_024

  /// Names from the first record; empty before it.
  private(set) var columns: [String] = []
  private(set) var rows = 0
  /// Bytes before row 0, 1,024, 2,048, …
  private(set) var offsets: [Int64] = []
  private(set) var errors: [FieldError] = []

  /// Takes the next record; false when so much is wrong that the rest is not worth reading.
  mutating func take(_ record: CSVRecord) -> Bool {
    guard !columns.isEmpty else {
      columns = record.values
      judgeColumns(record.line)
      return errors.isEmpty
    }
    guard record.ends.count == columns.count else {
      fail(
        record.line,
        "has \(record.ends.count) values, the first row names \(columns.count) columns")
      return errors.count < Limits.tableErrorsMax
    }
    if rows % Self.stride == 0 { offsets.append(record.offset) }
    rows += 1
    return true
  }

  /// The text cannot be read on.
  mutating func failed(_ failure: CSVFailure) { fail(failure.line, failure.message) }

  /// The text is over.
  mutating func finish() {
    guard errors.isEmpty, columns.isEmpty else { return }
    errors.append(
      FieldError(field: "content", message: "must have a first row that names the columns"))
  }

  private mutating func judgeColumns(_ line: Int) {
    var known: Set<String> = []
    for (index, name) in columns.enumerated() {
      if name.isEmpty { fail(line, "column \(index + 1) has no name") }
      if !known.insert(name).inserted { fail(line, "two columns are named '\(name.prefix(100))'") }
    }
  }

  private mutating func fail(_ line: Int, _ message: String) {
    errors.append(FieldError(field: "content", message: "line \(line): \(message)"))
  }
}
