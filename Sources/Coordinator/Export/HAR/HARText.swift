import Foundation
import Shared

/// A body as HAR holds it: text as text, anything else in base64.
struct HARText {
  var text: String
  var isBase64: Bool

  /// - Parameters:
  ///   - type: the media type that was said of it; nil for none.
  ///   - isCut: whether bytes are missing at its end.
  init(_ body: [UInt8], type: String?, isCut: Bool) {
    let whole = isCut ? Self.wholeCharacters(body) : body[...]
    if !Self.isBinary(type), let text = String(validating: whole, as: UTF8.self),
      !text.utf8.contains(where: Self.isControl)
    {
      (self.text, isBase64) = (text, false)
    } else {
      (text, isBase64) = (Data(body).base64EncodedString(), true)
    }
  }

  /// Types that are no text even when all their bytes happen to be.
  private static func isBinary(_ type: String?) -> Bool {
    guard let type = type?.prefix(while: { $0 != ";" }).lowercased() else { return false }
    if type.contains("svg") || type.contains("xml") { return false }
    return ["image/", "audio/", "video/", "font/"].contains { type.hasPrefix($0) }
      || type.hasPrefix("application/octet-stream")
  }

  private static func isControl(_ byte: UInt8) -> Bool {
    byte < 0x20 && ![0x09, 0x0A, 0x0D].contains(byte)
  }

  /// Without the beginning of a character at the end.
  private static func wholeCharacters(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    for length in 1...3 where length <= bytes.count {
      let byte = bytes[bytes.count - length]
      guard byte & 0xC0 != 0x80 else { continue }
      let needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      return needed > length ? bytes.dropLast(length) : bytes[...]
    }
    return bytes[...]
  }
}
