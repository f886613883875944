import Shared

/// Puts masks in place of secrets, wherever they appear: as they are, in the percent-encoding of
/// URLs and forms, and as strings of JSON. What was packed or encrypted with them is out of its
/// sight. Pure.
struct SecretMasker: Sendable {
  /// Bytes that one byte of a secret takes at most: `\u0041`.
  private static let expansionMax = 6
  private static let mask = Array(TraceSettings.mask.utf8)

  /// The longest first: one may be the beginning of another.
  private let secrets: [[UInt8]]
  /// Whether a byte can begin a secret, in whatever form.
  private let isBeginning: [Bool]

  /// - Parameter secrets: empty ones are left out.
  init(_ secrets: [String] = []) {
    self.secrets =
      secrets.filter { !$0.isEmpty }.map { Array($0.utf8) }.sorted { $0.count > $1.count }
    var beginnings = [Bool](repeating: false, count: 256)
    for secret in self.secrets { beginnings[Int(secret[0])] = true }
    for byte in "%+\\".utf8 { beginnings[Int(byte)] = true }
    isBeginning = beginnings
  }

  var isEmpty: Bool { secrets.isEmpty }

  /// Bytes behind a cut that must be known for a secret across it to be found.
  var reach: Int { (secrets.first?.count ?? 0) * Self.expansionMax }

  func masked(_ text: String) -> String {
    guard !secrets.isEmpty else { return text }
    return String(decoding: masked(Array(text.utf8)), as: UTF8.self)
  }

  /// - Parameter end: what begins there or later is left out. A secret that begins before is
  ///   masked whole.
  func masked(_ bytes: [UInt8], end: Int = .max) -> [UInt8] {
    let end = min(end, bytes.count)
    guard !secrets.isEmpty else { return end == bytes.count ? bytes : Array(bytes[..<end]) }
    var result: [UInt8] = []
    result.reserveCapacity(end)
    var place = 0
    while place < end {
      if isBeginning[Int(bytes[place])], let next = secretEnd(in: bytes, from: place) {
        result += Self.mask
        place = next
      } else {
        result.append(bytes[place])
        place += 1
      }
    }
    return result
  }

  /// The index after the secret that begins at `start`.
  private func secretEnd(in bytes: [UInt8], from start: Int) -> Int? {
    for secret in secrets {
      for form in Form.allCases {
        if let end = Self.match(secret, bytes, start, form) { return end }
      }
    }
    return nil
  }

  private enum Form: CaseIterable { case plain, url, json }

  private static func match(
    _ secret: [UInt8], _ bytes: [UInt8], _ start: Int, _ form: Form
  ) -> Int? {
    var place = start
    var index = 0
    while index < secret.count {
      guard place < bytes.count else { return nil }
      switch (form, bytes[place]) {
      case (.url, UInt8(ascii: "%")):
        if let value = hex(bytes, place + 1, digits: 2) {
          guard value == UInt32(secret[index]) else { return nil }
          place += 3
          index += 1
          continue
        }
      case (.url, UInt8(ascii: "+")) where secret[index] == UInt8(ascii: " "):
        place += 1
        index += 1
        continue
      case (.json, UInt8(ascii: "\\")):
        guard let (value, length) = escape(bytes, place),
          secret[index...].starts(with: value)
        else { return nil }
        place += length
        index += value.count
        continue
      default: break
      }
      guard bytes[place] == secret[index] else { return nil }
      place += 1
      index += 1
    }
    return place
  }

  /// What an escape of JSON stands for, in UTF-8, and its length.
  private static func escape(_ bytes: [UInt8], _ start: Int) -> (value: [UInt8], length: Int)? {
    guard start + 1 < bytes.count else { return nil }
    switch bytes[start + 1] {
    case UInt8(ascii: "n"): return ([0x0A], 2)
    case UInt8(ascii: "r"): return ([0x0D], 2)
    case UInt8(ascii: "t"): return ([0x09], 2)
    case UInt8(ascii: "b"): return ([0x08], 2)
    case UInt8(ascii: "f"): return ([0x0C], 2)
    case UInt8(ascii: "u"):
      guard let unit = hex(bytes, start + 2, digits: 4) else { return nil }
      if let scalar = Unicode.Scalar(unit) { return (Array(String(scalar).utf8), 6) }
      guard start + 7 < bytes.count, bytes[start + 6] == UInt8(ascii: "\\"),
        bytes[start + 7] == UInt8(ascii: "u"), let low = hex(bytes, start + 8, digits: 4),
        (0xD800..<0xDC00).contains(unit), (0xDC00..<0xE000).contains(low),
        let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
      else { return nil }
      return (Array(String(scalar).utf8), 12)
    case let other: return ([other], 2)
    }
  }

  private static func hex(_ bytes: [UInt8], _ start: Int, digits: Int) -> UInt32? {
    guard start + digits <= bytes.count else { return nil }
    var value: UInt32 = 0
    for byte in bytes[start..<start + digits] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
