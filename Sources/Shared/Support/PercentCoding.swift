/// Percent-escapes of URLs (RFC 3986). Reading is strict: what is not valid has no decoding.
public enum PercentCoding {
  /// The text that `bytes` stand for; nil when an escape is broken or the result is not UTF-8.
  ///
  /// - Parameter plusIsSpace: `+` stands for a space, as in queries of forms.
  public static func decode(
    _ bytes: some Sequence<UInt8>, plusIsSpace: Bool = false
  ) -> String? {
    var decoded: [UInt8] = []
    var iterator = bytes.makeIterator()
    while let byte = iterator.next() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = iterator.next().flatMap(digit), let low = iterator.next().flatMap(digit)
        else { return nil }
        decoded.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsSpace: decoded.append(UInt8(ascii: " "))
      default: decoded.append(byte)
      }
    }
    return String(validating: decoded, as: UTF8.self)
  }

  /// Escapes all bytes but ASCII letters, digits and those of `kept`.
  public static func encode(_ text: String, keeping kept: String) -> String {
    encode(text.utf8) { $0.isASCIIAlphanumeric || kept.utf8.contains($0) }
  }

  /// Escapes all bytes that are not ASCII.
  public static func encodeForeign(_ bytes: some Sequence<UInt8>) -> String {
    encode(bytes) { $0 < 0x80 }
  }

  private static func encode(
    _ bytes: some Sequence<UInt8>, keeps: (UInt8) -> Bool
  ) -> String {
    var encoded: [UInt8] = []
    for byte in bytes {
      if keeps(byte) { encoded.append(byte) } else { append(escapeOf: byte, to: &encoded) }
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  /// Appends a percent sign and the two digits of `byte`.
  public static func append(escapeOf byte: UInt8, to encoded: inout [UInt8]) {
    let digits: StaticString = "0123456789ABCDEF"
    encoded.append(UInt8(ascii: "%"))
    encoded.append(digits.utf8Start[Int(byte >> 4)])
    encoded.append(digits.utf8Start[Int(byte & 15)])
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
