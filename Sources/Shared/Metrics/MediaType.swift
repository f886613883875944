/// A content type as scripts name it, e.g. `text/plain; charset=utf-8` (RFC 9110, 8.3).
public struct MediaType: Equatable, Sendable {
  /// Type and subtype in lower case, without parameters: `text/plain`.
  public let essence: String
  /// The parameter `charset` as it was given; nil without one that can stand in a header.
  public let charset: String?

  public init(_ text: String) {
    let parts = text.split(separator: ";", omittingEmptySubsequences: false)
    essence = parts.first.map { Self.trimmed($0).lowercased() } ?? ""
    charset =
      parts.dropFirst().lazy.compactMap { part in
        let sides = part.split(separator: "=", maxSplits: 1)
        guard sides.count == 2, Self.trimmed(sides[0]).lowercased() == "charset" else { return nil }
        let value = Self.trimmed(sides[1]).filter { $0 != "\"" }
        return Self.isCharset(value) ? value : nil
      }.first
  }

  public var isImage: Bool { essence.hasPrefix("image/") }

  /// Whether such a content is made of characters.
  public var isText: Bool {
    if essence.hasPrefix("text/") || essence.hasSuffix("+json") || essence.hasSuffix("+xml") {
      return true
    }
    let subtypes = ["json", "xml", "javascript", "x-ndjson", "yaml", "toml", "sql"]
    return subtypes.contains { essence == "application/\($0)" }
  }

  /// The charset of a content of this type: as it was named, or what the bytes of a text show;
  /// empty for what has none.
  public func charset(of bytes: [UInt8]) -> String {
    if let charset { return charset }
    return isText && String(validating: bytes, as: UTF8.self) != nil ? "UTF-8" : ""
  }

  /// Whether a text is the name of a charset as far as its form goes.
  public static func isCharset(_ text: String) -> Bool {
    (1...40).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "-_.:+".utf8.contains(byte)
        }
      }
  }

  private static func trimmed(_ text: Substring) -> String {
    let isSpace = { (character: Character) in character == " " || character == "\t" }
    let start = text.drop(while: isSpace)
    let end = start.lastIndex { !isSpace($0) }
    return end.map { String(start[...$0]) } ?? ""
  }
}
