import CRegex
import Shared

/// A text in the form in which regular expressions search it.
struct RegexText {
  /// UTF-16, with a null behind it, so that there is a first unit of an empty text, too.
  let units: [UInt16]
  let isTooLarge: Bool

  var count: Int { units.count - 1 }

  /// - Parameter bytes: UTF-8; what is none becomes U+FFFD.
  init(_ bytes: [UInt8]) {
    isTooLarge = bytes.count > Limits.regexTextBytesMax
    guard !isTooLarge else {
      units = [0]
      return
    }
    // No byte becomes more than one unit.
    units = [UInt16](unsafeUninitializedCapacity: bytes.count + 1) { buffer, count in
      let written = bytes.withUnsafeBytes { source in
        throng_utf16(
          buffer.baseAddress, Int32(bytes.count),
          source.assumingMemoryBound(to: CChar.self).baseAddress, Int32(bytes.count))
      }
      count = max(0, Int(written)) + 1
      buffer[count - 1] = 0
    }
  }
}
