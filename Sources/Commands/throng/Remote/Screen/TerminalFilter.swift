import Shared

/// Takes out of a text that comes in pieces what would steer a terminal.
struct TerminalFilter {
  enum Form { case json, lines }

  private let form: Form
  /// The beginning of a character whose rest is in the next piece.
  private var pending: [UInt8] = []

  init(_ form: Form) { self.form = form }

  /// What is to be shown of a piece.
  mutating func take(_ piece: UnsafeRawBufferPointer) -> String {
    let bytes = pending + piece
    let whole = bytes.count - Self.bytesOfCutCharacter(bytes)
    pending = Array(bytes[whole...])
    return shown(bytes[..<whole])
  }

  /// What is left of a text that was cut off.
  mutating func end() -> String {
    defer { pending = [] }
    return shown(pending[...])
  }

  private func shown(_ bytes: ArraySlice<UInt8>) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    switch form {
    case .json: return TerminalText.escapedJSON(text)
    case .lines: return TerminalText.escapedLines(text)
    }
  }

  /// Bytes at the end of which a character lacks its last ones.
  private static func bytesOfCutCharacter(_ bytes: [UInt8]) -> Int {
    for (index, byte) in bytes.suffix(3).reversed().enumerated() where byte & 0xC0 != 0x80 {
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      return length > index + 1 ? index + 1 : 0
    }
    return 0
  }
}
