import Shared

/// What the engine itself must know of a response's head, line by line. Pure.
///
/// libcurl 7.88 takes two lengths for one, waits for ever behind a 101 that nobody asked for, and
/// hands on lines behind the body as if they were headers.
struct ResponseHead {
  /// Bytes of a response's head, all of its lines, trailers included: what nginx and Node.js let
  /// pass is a sixteenth of it, and libcurl ends a single line at 100 KiB.
  static let bytesMax = 256 << 10

  enum Line: Equatable {
    /// A status line or a header of the response to come.
    case header
    /// Behind the body (RFC 9112 7.1.2): no header.
    case trailer
    /// Why no response is taken from this.
    case refused(ErrorReason)
  }

  /// Whether the empty line behind the headers of a final response has come.
  private(set) var isComplete = false
  /// Value of `Content-Encoding`, several joined by commas.
  private(set) var codings = ""
  /// Value of the first `Location`, other bytes than ASCII's percent-encoded; nil without one.
  private(set) var location: String?
  /// Values of `Set-Cookie`, as they came.
  private(set) var cookies: [[UInt8]] = []
  private(set) var bytes = 0
  private var status = 0
  private var length: Int64?

  /// - Parameter line: with its end, as it came.
  mutating func take(_ line: UnsafeRawBufferPointer) -> Line {
    bytes += line.count
    guard bytes <= Self.bytesMax else { return .refused(.headersTooLarge) }
    if line.isEmpty || line[0] == 0x0d || line[0] == 0x0a { return takeEnd() }
    if line.count > 5, line[0] == 0x48, line[1] == 0x54, line[4] == 0x2F {
      takeStatus(line)
      return .header
    }
    guard !isComplete else { return .trailer }
    switch line[0] | 0x20 {
    case UInt8(ascii: "c"): return takeContent(line)
    case UInt8(ascii: "l"): takeLocation(line)
    case UInt8(ascii: "s"):
      if let value = Self.bytes(of: "set-cookie:", line) { cookies.append(Array(value)) }
    default: break
    }
    return .header
  }

  private mutating func takeLocation(_ line: UnsafeRawBufferPointer) {
    guard location == nil, let value = Self.bytes(of: "location:", line) else { return }
    location = PercentCoding.encodeForeign(value)
  }

  private mutating func takeEnd() -> Line {
    // Nobody asked for another protocol (RFC 9110 15.2.2).
    guard status != 101 else { return .refused(.protocolError) }
    if isComplete { return .trailer }
    isComplete = status >= 200
    return .header
  }

  private mutating func takeStatus(_ line: UnsafeRawBufferPointer) {
    // An interim response's headers are not those of the final one.
    self = ResponseHead(bytes: bytes)
    guard let space = line.firstIndex(of: 0x20) else { return }
    for byte in line[(space + 1)...].prefix(3) where byte >= 0x30 && byte <= 0x39 {
      status = status * 10 + Int(byte - 0x30)
    }
  }

  init() {}

  private init(bytes: Int) { self.bytes = bytes }

  private mutating func takeContent(_ line: UnsafeRawBufferPointer) -> Line {
    if let value = Self.value(of: "content-length:", line) {
      // One number, however often it is said (RFC 9112 6.3).
      for part in value.split(separator: ",", omittingEmptySubsequences: false) {
        let digits = Self.trimmed(part.utf8)
        guard !digits.isEmpty, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
          let number = Int64(Substring(digits)), length == nil || length == number
        else { return .refused(.protocolError) }
        length = number
      }
    } else if let value = Self.value(of: "content-encoding:", line) {
      codings += codings.isEmpty ? value : ",\(value)"
    }
    return .header
  }

  /// What follows `name`, in any case of letters; nil for another header.
  private static func value(of name: StaticString, _ line: UnsafeRawBufferPointer) -> String? {
    bytes(of: name, line).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func bytes(
    of name: StaticString, _ line: UnsafeRawBufferPointer
  ) -> Slice<UnsafeRawBufferPointer>? {
    let count = name.utf8CodeUnitCount
    guard line.count > count else { return nil }
    for index in 0..<count {
      let byte = line[index]
      let small = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
      guard small == name.utf8Start[index] else { return nil }
    }
    return trimmed(line[count...])
  }

  /// Without what is no more than space around it.
  private static func trimmed<Bytes: BidirectionalCollection<UInt8>>(
    _ bytes: Bytes
  ) -> Bytes.SubSequence {
    let rest = bytes.drop { $0 <= 0x20 }
    return rest[..<(rest.lastIndex { $0 > 0x20 }.map { rest.index(after: $0) } ?? rest.startIndex)]
  }
}
