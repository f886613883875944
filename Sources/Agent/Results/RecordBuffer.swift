import Shared

/// What scripts said and no batch has taken yet, in pieces of which each fits into a line.
struct RecordBuffer {
  private struct Piece {
    var records = RunRecords()
    var bytes = 0
    var rows = 0
  }

  /// The oldest first; rows go into the last.
  private var pieces: [Piece] = []
  /// Bytes that all of it takes in lines.
  private(set) var bytes = 0

  var isEmpty: Bool { pieces.isEmpty }

  /// Adds a row.
  ///
  /// - Parameter size: bytes that it takes in a line, at most `Limits.recordBytesMax`.
  mutating func add<Row>(
    _ row: Row, to table: WritableKeyPath<RunRecords, [Row]>, size: Int
  ) {
    let fits = pieces.last.map {
      $0.rows < Limits.batchRowsMax && $0.bytes + size <= Limits.batchBytesMax
    }
    if !(fits ?? false) { pieces.append(Piece()) }
    let last = pieces.count - 1
    pieces[last].records[keyPath: table].append(row)
    pieces[last].bytes += size
    pieces[last].rows += 1
    bytes += size
  }

  /// The oldest piece, unless it has more than `bytesMax` bytes; nil when there is none.
  mutating func take(bytesMax: Int = .max) -> RunRecords? {
    guard let first = pieces.first, first.bytes <= bytesMax else { return nil }
    pieces.removeFirst()
    bytes -= first.bytes
    return first.records
  }
}

/// What rows take in a line of the link, to be on the safe side of it.
enum RecordSize {
  /// Member names and numbers of any row.
  private static let fixed = 320

  /// A text as a JSON string.
  static func of(_ text: String) -> Int {
    var size = 2
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): size += 2
      case 0..<32: size += 6
      default: size += 1
      }
    }
    return size
  }

  static func of(_ text: String?) -> Int { text.map { of($0) } ?? 0 }

  static func of(_ row: LogRow) -> Int { 64 + of(row.message) }

  static func of(_ row: SuiteResultRow) -> Int {
    128 + of(row.suite) + of(row.test) + of(row.message) + of(row.stack)
  }

  static func of(_ row: MetricDelta) -> Int {
    var size = fixed + of(row.definition.namespace) + of(row.definition.name)
    size += of(row.definition.units) + of(row.resource)
    for key in row.totals.keys.keys { size += of(key) + 24 }
    // A bucket takes at most three bytes for its gap and ten for its count; in base64 a third more.
    return size + row.totals.values.thousandths.usedBuckets * 18
  }

  static func of(_ part: FilePart) -> Int {
    let data = part.metadata
    let texts =
      of(data.name) + of(data.contentType) + of(data.charset) + of(data.resource)
      + of(data.suite) + of(data.test) + of(data.compare)
    return fixed + texts + (part.bytes.count + 2) / 3 * 4
  }

  static func of(_ row: TraceRow) -> Int {
    let texts = of(row.resource) + of(row.method) + of(row.contentType) + of(row.url)
    return fixed + texts + of(row.packets)
  }

  static func of(_ row: ValueRow) -> Int { fixed + of(row.name) + of(row.json) }
}

extension String {
  /// The longest beginning of at most so many bytes that cuts no character of Unicode apart.
  func prefix(bytes: Int) -> String {
    guard utf8.count > bytes else { return self }
    var end = utf8.index(utf8.startIndex, offsetBy: bytes)
    while end > utf8.startIndex, utf8[end] & 0xc0 == 0x80 { end = utf8.index(before: end) }
    return String(self[..<end])
  }
}
