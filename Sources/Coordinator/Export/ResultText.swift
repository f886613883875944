import Shared

/// Writes raw results one after the other, and what comes before, between and after them. What
/// many of them have in common is put into words once for each batch, run or name.
protocol ResultText {
  static var beginning: [UInt8] { get }
  static var separator: [UInt8] { get }
  static var ending: [UInt8] { get }

  /// Results of this batch follow.
  mutating func begin(_ rows: ResultRows)
  /// Results of this run follow.
  mutating func begin(_ run: ResultRows.Run)
  mutating func write(_ row: RequestRow, id: Int64, to buffer: inout TextBuffer)
}

/// Makes the text of all results of a reader, in pieces of about `pieceBytes`.
struct ResultTextSource<Text: ResultText> {
  /// Large enough that making a piece costs more than handing it on, small enough for many
  /// downloads at once.
  private static var pieceBytes: Int { 128 << 10 }

  private var reader: ResultReader
  private var text: Text
  private var rows: ResultRows?
  /// The next result: its run, and its place in it.
  private var run = 0
  private var offset = 0
  private var hasBegun = false
  private var isFirst = true
  private var isOver = false

  init(_ reader: ResultReader, _ text: Text) {
    self.reader = reader
    self.text = text
  }

  /// The next piece; nil at the end.
  mutating func next() throws -> [UInt8]? {
    guard !isOver else { return nil }
    guard hasBegun else {
      // The first byte waits for no batch.
      hasBegun = true
      return Text.beginning
    }
    var buffer = TextBuffer(capacity: Self.pieceBytes + 4_096)
    while buffer.count < Self.pieceBytes {
      if rows == nil {
        guard let next = try reader.nextRows() else {
          isOver = true
          buffer.append(Text.ending)
          break
        }
        text.begin(next)
        text.begin(next.runs[0])
        (rows, run, offset) = (next, 0, 0)
      }
      write(to: &buffer)
    }
    return buffer.bytes
  }

  /// Writes until the piece is full or the batch is at its end.
  private mutating func write(to buffer: inout TextBuffer) {
    guard let rows else { return }
    while run < rows.runs.count {
      let current = rows.runs[run]
      while offset < current.rows.count {
        if !isFirst { buffer.append(Text.separator) }
        isFirst = false
        text.write(
          rows.requests[current.rows.lowerBound + offset], id: current.firstID + Int64(offset),
          to: &buffer)
        offset += 1
        if buffer.count >= Self.pieceBytes { return }
      }
      (run, offset) = (run + 1, 0)
      if run < rows.runs.count { text.begin(rows.runs[run]) }
    }
    self.rows = nil
  }
}
