/// Builds XML 1.0 text front to back. Whatever is said in names and values of others, the document
/// stays well-formed: what XML has no way to write becomes U+FFFD.
struct XMLWriter {
  private(set) var bytes: [UInt8] = []
  private var open: [String] = []

  mutating func declaration() { raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") }

  /// The bytes written since the last call.
  mutating func take() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }

  /// - Parameter attributes: those without a value are left out.
  mutating func begin(_ name: String, _ attributes: [(name: String, value: String?)] = []) {
    tag(name, attributes, end: ">\n")
    open.append(name)
  }

  mutating func end() {
    guard let name = open.popLast() else { return }
    indent()
    raw("</\(name)>\n")
  }

  /// An element without content, or with nothing but text.
  mutating func element(
    _ name: String, _ attributes: [(name: String, value: String?)] = [], text: String? = nil
  ) {
    guard let text, !text.isEmpty else { return tag(name, attributes, end: "/>\n") }
    tag(name, attributes, end: ">")
    append(text, isAttribute: false)
    raw("</\(name)>\n")
  }

  private mutating func tag(
    _ name: String, _ attributes: [(name: String, value: String?)], end: String
  ) {
    indent()
    raw("<\(name)")
    for (name, value) in attributes {
      guard let value else { continue }
      raw(" \(name)=\"")
      append(value, isAttribute: true)
      raw("\"")
    }
    raw(end)
  }

  private mutating func indent() { for _ in open { raw("  ") } }

  private mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func append(_ text: String, isAttribute: Bool) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": raw("&amp;")
      case "<": raw("&lt;")
      // Of "]]>" in a text.
      case ">": raw("&gt;")
      case "\"": raw("&quot;")
      // Parsers make line ends one, and any white space of an attribute a blank.
      case "\r": raw("&#13;")
      case "\n" where isAttribute: raw("&#10;")
      case "\t" where isAttribute: raw("&#9;")
      default: bytes.append(contentsOf: String(Self.isAllowed(scalar) ? scalar : "\u{FFFD}").utf8)
      }
    }
  }

  /// `Char` of XML 1.0 (fifth edition), 2.2.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }
}
