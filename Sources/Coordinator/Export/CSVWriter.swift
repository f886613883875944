import Shared

/// Builds CSV after RFC 4180, lines ended by CR LF, that spreadsheets can open without harm.
struct CSVWriter {
  private(set) var bytes: [UInt8] = []
  private var isFirst = true

  private mutating func separate() {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
  }

  /// A cell of text. What a spreadsheet would run as a formula gets an apostrophe in front, which
  /// makes it text there.
  mutating func text(_ value: String) {
    separate()
    let utf8 = value.utf8
    let needsQuotes =
      utf8.contains { Self.special.contains($0) } || utf8.first == 0x20 || utf8.last == 0x20
    if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
    if let first = utf8.first, Self.formulaStarts.contains(first) {
      bytes.append(UInt8(ascii: "'"))
    }
    for byte in utf8 {
      // Many readers end at a NUL, or refuse the whole file.
      if byte == 0 {
        bytes.append(contentsOf: "\u{FFFD}".utf8)
        continue
      }
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
  }

  mutating func int(_ value: Int64) {
    separate()
    bytes.append(contentsOf: String(value).utf8)
  }

  /// Microseconds as milliseconds: 183 is `0.183`.
  mutating func milliseconds(micros: Int64) {
    separate()
    var number = JSONWriter()
    number.milliseconds(micros: micros)
    bytes.append(contentsOf: number.bytes)
  }

  /// A number with at most six decimals.
  mutating func number(_ value: Double) {
    separate()
    var number = JSONWriter()
    number.double(JSONWriter.shortened(value))
    bytes.append(contentsOf: number.bytes)
  }

  mutating func empty() { separate() }

  mutating func endRow() {
    bytes.append(UInt8(ascii: "\r"))
    bytes.append(UInt8(ascii: "\n"))
    isFirst = true
  }

  private static let special = Array(",\"\r\n".utf8)
  /// After the OWASP page on CSV injection; tab and CR are dropped by some programs, which then
  /// see what follows.
  private static let formulaStarts = Array("=+-@\t\r\n".utf8)
}
