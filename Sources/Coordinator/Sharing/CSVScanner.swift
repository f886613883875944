import Shared

/// One record of a CSV text.
struct CSVRecord {
  /// Its first byte, counted from the start of the text.
  var offset: Int64
  /// Line on which it begins, from 1.
  var line: Int
  /// The values without quotes, one behind the other, and where each ends.
  var text: [UInt8]
  var ends: [Int]

  var values: [String] {
    var start = 0
    return ends.map { end in
      defer { start = end }
      return String(decoding: text[start..<end], as: UTF8.self)
    }
  }
}

/// What is no CSV.
struct CSVFailure: Error, Equatable, CustomStringConvertible {
  var line: Int
  var message: String

  var description: String { "line \(line): \(message)" }
}

/// Cuts a CSV text into records after RFC 4180, from pieces of any size. Pure.
///
/// Lines end with a line feed, with or without a carriage return; a quoted value may hold both.
/// Empty lines are no records, and a byte order mark is no part of the first value. Holds one
/// record at a time.
struct CSVScanner {
  private enum State {
    /// Nothing of a record has come. → all others.
    case recordStart
    /// Behind a comma.
    case valueStart
    case plain
    case quoted
    /// Behind a quote within a quoted value: its end, or half of a doubled one.
    case quoteSeen
    /// A line feed must follow.
    case carriageReturn
  }

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// Bytes of the text before the next one.
  private(set) var offset: Int64
  private var line = 1
  private var state = State.recordStart
  /// Bytes of the mark that have come, while the text may still begin with one.
  private var markBytes: Int?
  private var record: CSVRecord
  private var isBlank = false
  private var isASCII = true

  /// - Parameter offset: where a record begins, when the text is not read from its start.
  init(offset: Int64 = 0) {
    self.offset = offset
    markBytes = offset == 0 ? 0 : nil
    record = CSVRecord(offset: offset, line: 1, text: [], ends: [])
  }

  /// Takes the next bytes and calls `body` with each record that ends in them, until it says
  /// false. The scanner then stands behind that record, and the rest of the bytes is not taken.
  ///
  /// - Throws: `CSVFailure`, or what `body` throws.
  mutating func scan(
    _ bytes: UnsafeRawBufferPointer, _ body: (CSVRecord) throws -> Bool
  ) throws {
    var index = skipMark(bytes)
    while index < bytes.count {
      if state == .plain || state == .quoted {
        let taken = takeRun(UnsafeRawBufferPointer(rebasing: bytes[index...]))
        index += taken
        offset += Int64(taken)
        try checkSize()
        guard index < bytes.count else { break }
      }
      let ended = try take(bytes[index])
      index += 1
      offset += 1
      guard ended else { continue }
      let goesOn = try record.ends.isEmpty || body(record)
      begin()
      if !goesOn { return }
    }
  }

  /// The text is over: its last line may lack the line feed.
  mutating func finish(_ body: (CSVRecord) throws -> Bool) throws {
    if let markBytes, markBytes > 0 {
      record.text += Self.mark.prefix(markBytes)
      isASCII = false
    }
    markBytes = nil
    switch state {
    case .recordStart: if record.text.isEmpty { return }
    case .quoted: throw CSVFailure(line: record.line, message: "a quoted value has no end")
    case .carriageReturn: if isBlank { return }
    case .valueStart, .plain, .quoteSeen: break
    }
    try endRecord()
    _ = try body(record)
    begin()
  }

  // MARK: inside

  /// Steps over a byte order mark, however it is cut into pieces.
  private mutating func skipMark(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard var seen = markBytes else { return 0 }
    var index = 0
    while index < bytes.count, seen < Self.mark.count, bytes[index] == Self.mark[seen] {
      index += 1
      seen += 1
    }
    offset += Int64(index)
    guard index == bytes.count, seen < Self.mark.count else {
      markBytes = nil
      if seen == Self.mark.count {
        record.offset = offset
      } else if seen > 0 {
        // It began like one, but is a character of the text.
        record.text += Self.mark.prefix(seen)
        isASCII = false
        state = .plain
      }
      return index
    }
    markBytes = seen
    return index
  }

  /// Takes what belongs to a value without further ado; returns how many bytes that was.
  private mutating func takeRun(_ bytes: UnsafeRawBufferPointer) -> Int {
    let isQuoted = state == .quoted
    var count = 0
    for byte in bytes {
      if byte == Self.quote { break }
      if byte == Self.lineFeed {
        guard isQuoted else { break }
        line += 1
      } else if !isQuoted, byte == Self.comma || byte == Self.carriageReturn {
        break
      }
      if byte >= 0x80 { isASCII = false }
      count += 1
    }
    record.text.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    return count
  }

  /// Takes one byte; true when it ends a record, or a line without one.
  private mutating func take(_ byte: UInt8) throws -> Bool {
    switch (state, byte) {
    case (.recordStart, Self.lineFeed): return true
    case (.recordStart, Self.carriageReturn):
      isBlank = true
      state = .carriageReturn
    case (.carriageReturn, Self.lineFeed):
      if !isBlank { try endRecord() }
      return true
    case (.carriageReturn, _):
      throw CSVFailure(line: line, message: "a carriage return without a line feed")
    case (.recordStart, Self.quote), (.valueStart, Self.quote): state = .quoted
    case (.quoted, Self.quote): state = .quoteSeen
    case (.quoteSeen, Self.quote):
      record.text.append(byte)
      state = .quoted
    case (.plain, Self.quote):
      throw CSVFailure(line: line, message: "a quote within a value that is not quoted")
    case (_, Self.comma):
      record.ends.append(record.text.count)
      try checkSize()
      state = .valueStart
    case (_, Self.lineFeed):
      try endRecord()
      return true
    case (_, Self.carriageReturn): state = .carriageReturn
    case (.quoteSeen, _):
      throw CSVFailure(line: line, message: "text behind the closing quote of a value")
    default:
      record.text.append(byte)
      if byte >= 0x80 { isASCII = false }
      state = .plain
    }
    return false
  }

  /// A record is held in memory: it must not be the whole text.
  private func checkSize() throws {
    guard record.text.count <= Limits.tableRowBytesMax else {
      throw CSVFailure(
        line: record.line, message: "has more than \(Limits.tableRowBytesMax) bytes")
    }
    guard record.ends.count < Limits.tableColumnsMax else {
      throw CSVFailure(
        line: record.line, message: "has more than \(Limits.tableColumnsMax) values")
    }
  }

  private mutating func endRecord() throws {
    record.ends.append(record.text.count)
    // Looked at in whole records: a character may be cut in two by the pieces.
    if !isASCII, String(validating: record.text, as: UTF8.self) == nil {
      throw CSVFailure(line: record.line, message: "the text is not UTF-8")
    }
  }

  private mutating func begin() {
    line += 1
    state = .recordStart
    isBlank = false
    isASCII = true
    record.text.removeAll(keepingCapacity: true)
    record.ends.removeAll(keepingCapacity: true)
    record.offset = offset
    record.line = line
  }
}
