import Shared

/// `application/x-www-form-urlencoded` after the URL standard.
enum FormEncoding {
  static func encode(_ fields: [(name: String, value: String)]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: "&")) }
      append(&bytes, field.name)
      bytes.append(UInt8(ascii: "="))
      append(&bytes, field.value)
    }
    return bytes
  }

  private static func append(_ bytes: inout [UInt8], _ text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "*"), UInt8(ascii: "-"),
        UInt8(ascii: "."), UInt8(ascii: "_"):
        bytes.append(byte)
      case UInt8(ascii: " "): bytes.append(UInt8(ascii: "+"))
      default: PercentCoding.append(escapeOf: byte, to: &bytes)
      }
    }
  }
}
