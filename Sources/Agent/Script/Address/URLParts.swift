/// Where the parts of a URL or of a reference to one are, as places in its bytes (RFC 3986,
/// appendix B). Nothing of them is judged. Pure.
struct URLParts: Equatable, Sendable {
  /// Without its colon; nil for a reference, which is relative to another URL.
  private(set) var scheme: Range<Int>?
  /// User, host and port; nil without `//`.
  private(set) var authority: Range<Int>?
  private(set) var path = 0..<0
  /// Without the `?`; nil without one.
  private(set) var query: Range<Int>?
  /// Without the `#`; nil without one.
  private(set) var fragment: Range<Int>?

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    var place = 0
    if let end = Self.schemeEnd(bytes), end == 0 || !Self.isPort(bytes, after: end) {
      scheme = 0..<end
      place = end + 1
    }
    let end = bytes.count
    func first(in range: Range<Int>, _ isWanted: (UInt8) -> Bool) -> Int {
      for index in range where isWanted(bytes[index]) { return index }
      return range.upperBound
    }
    func begins(at place: Int, with count: Int) -> Bool {
      place + count <= end && (0..<count).allSatisfy { bytes[place + $0] == UInt8(ascii: "/") }
    }
    // Three slashes begin a path, as net/url has it: nobody means a host without a name.
    if begins(at: place, with: 2), scheme != nil || !begins(at: place, with: 3) {
      let stop = first(in: place + 2..<end) {
        $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#")
      }
      authority = place + 2..<stop
      place = stop
    }
    let pathEnd = first(in: place..<end) { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
    path = place..<pathEnd
    var rest = pathEnd
    if rest < end, bytes[rest] == UInt8(ascii: "?") {
      let stop = first(in: rest + 1..<end) { $0 == UInt8(ascii: "#") }
      query = rest + 1..<stop
      rest = stop
    }
    if rest < end { fragment = rest + 1..<end }
  }

  /// Where the scheme that the bytes begin with ends; 0 for one without a letter.
  static func schemeEnd(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): break
      case UInt8(ascii: ":"): return index
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
        UInt8(ascii: "."):
        if index == 0 { return nil }
      default: return nil
      }
    }
    return nil
  }

  /// Whether what follows a colon is a port: `host:8080/x` names no scheme.
  private static func isPort(_ bytes: UnsafeBufferPointer<UInt8>, after colon: Int) -> Bool {
    var digits = 0
    for byte in bytes[(colon + 1)...] {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
      case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): return digits > 0
      default: return false
      }
    }
    return digits > 0
  }
}
