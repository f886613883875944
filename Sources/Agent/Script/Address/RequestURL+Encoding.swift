import Shared

/// Which characters a URL may hold, and how the others are written (RFC 3986, 2 and 3).
extension RequestURL {
  private static let inHost = ByteSet(alphanumericAnd: "-._~!$&'()*+,;=")
  private static let inAddress = ByteSet(alphanumericAnd: "[]:.%-_~")
  private static let inUser = ByteSet(alphanumericAnd: "-._~!$&'()*+,;=:")
  /// Of path, query and fragment.
  private static let inRest = ByteSet(alphanumericAnd: "-._~!$&'()*+,;=:@/?")

  /// Whether nothing of it need be written otherwise.
  static func isPlain(_ bytes: Bytes, _ parts: URLParts, _ authority: URLAuthority) -> Bool {
    let host = bytes[authority.host]
    let hostSet = host.first == UInt8(ascii: "[") ? inAddress : inHost
    guard host.allSatisfy({ hostSet.contains($0) }) else { return false }
    if let user = authority.user, !isPlain(bytes, user, inUser) { return false }
    if let query = parts.query, !isPlain(bytes, query, inRest) { return false }
    if let fragment = parts.fragment, !isPlain(bytes, fragment, inRest) { return false }
    return isPlain(bytes, parts.path, inRest)
  }

  private static func isPlain(_ bytes: Bytes, _ range: Range<Int>, _ set: ByteSet) -> Bool {
    for index in range where !set.contains(bytes[index]) {
      guard isEscape(bytes, index, in: range) else { return false }
    }
    return true
  }

  /// Whether a percent sign with two hexadecimal digits stands at `index`.
  private static func isEscape(_ bytes: Bytes, _ index: Int, in range: Range<Int>) -> Bool {
    bytes[index] == UInt8(ascii: "%") && index + 2 < range.upperBound
      && isHex(bytes[index + 1]) && isHex(bytes[index + 2])
  }

  private static func isHex(_ byte: UInt8) -> Bool {
    let small = byte | 0x20
    return byte >= 0x30 && byte <= 0x39 || small >= 0x61 && small <= 0x66
  }

  /// The same URL of allowed characters only.
  static func encoded(
    _ bytes: Bytes, _ parts: URLParts, _ authority: URLAuthority
  ) throws(RequestProblem) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count * 3)
    if let scheme = parts.scheme { result += bytes[scheme] }
    result += "://".utf8
    if let user = authority.user {
      append(bytes, user, inUser, to: &result)
      result.append(UInt8(ascii: "@"))
    }
    result += try encodedHost(bytes[authority.host])
    if let port = authority.port {
      result.append(UInt8(ascii: ":"))
      result += bytes[port]
    }
    append(bytes, parts.path, inRest, to: &result)
    if let query = parts.query {
      result.append(UInt8(ascii: "?"))
      append(bytes, query, inRest, to: &result)
    }
    if let fragment = parts.fragment {
      result.append(UInt8(ascii: "#"))
      append(bytes, fragment, inRest, to: &result)
    }
    return result
  }

  private static func append(
    _ bytes: Bytes, _ range: Range<Int>, _ set: ByteSet, to result: inout [UInt8]
  ) {
    for index in range {
      let byte = bytes[index]
      if set.contains(byte) || isEscape(bytes, index, in: range) {
        result.append(byte)
      } else {
        PercentCoding.append(escapeOf: byte, to: &result)
      }
    }
  }

  private static func encodedHost(_ host: Slice<Bytes>) throws(RequestProblem) -> [UInt8] {
    let isAddress = host.first == UInt8(ascii: "[")
    guard !isAddress else {
      guard host.allSatisfy({ inAddress.contains($0) }) else {
        throw .invalidURL("its address has a character in it that no address has")
      }
      return Array(host)
    }
    let name = unescaped(host)
    let ascii = name.allSatisfy { $0 < 0x80 } ? name : InternationalName.ascii(name)
    guard let ascii, !ascii.isEmpty, ascii.allSatisfy({ inHost.contains($0) }) else {
      throw .invalidURL("'\(String(decoding: name, as: UTF8.self).prefix(80))' is no host's name")
    }
    return ascii
  }

  private static func unescaped(_ host: Slice<Bytes>) -> [UInt8] {
    guard host.contains(UInt8(ascii: "%")), let text = PercentCoding.decode(host) else {
      return Array(host)
    }
    return Array(text.utf8)
  }
}
