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
    /// Begins a response, and a new set of headers: an interim one's are not the final one's.
    case status
    /// A header of the response to come, or the end of all.
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
  /// Whether the body comes in chunks.
  private(set) var isChunked = false
  private var status = 0
  /// Whether a status line is to come next.
  private var expectsStatus = true
  private var length: Int64?

  /// - Parameter line: with its end, as it came.
  mutating func take(_ line: UnsafeRawBufferPointer) -> Line {
    bytes += line.count
    guard bytes <= Self.bytesMax else { return .refused(.headersTooLarge) }
    if line.isEmpty || line[0] == 0x0d || line[0] == 0x0a { return takeEnd() }
    guard !isComplete else { return .trailer }
    if expectsStatus { return takeStatus(line) }
    switch line[0] | 0x20 {
    case UInt8(ascii: "c"): return takeContent(line)
    case UInt8(ascii: "t"): return takeTransfer(line)
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
    expectsStatus = !isComplete
    return .header
  }

  /// `HTTP/1.1 200 OK`, where what is behind the status may be missing (RFC 9112 4). libcurl has
  /// looked at the version, and writes `HTTP/2` itself.
  private mutating func takeStatus(_ line: UnsafeRawBufferPointer) -> Line {
    // An interim response's headers are not those of the final one.
    self = ResponseHead(bytes: bytes)
    expectsStatus = false
    let version = line.prefix { $0 > 0x20 }
    let rest = line[version.endIndex...].drop { $0 == 0x20 }
    let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
    guard digits.count == 3, rest.count == 3 || rest[digits.endIndex] <= 0x20,
      version.starts(with: "HTTP/".utf8),
      version.count == 8 && version[5] == UInt8(ascii: "1")
        || version.count == 6 && line.count <= "HTTP/2 200 \r\n".utf8.count
    else { return .refused(.protocolError) }
    for digit in digits { status = status * 10 + Int(digit - 0x30) }
    return status >= 100 ? .status : .refused(.protocolError)
  }

  init() {}

  private init(bytes: Int) { self.bytes = bytes }

  private mutating func takeContent(_ line: UnsafeRawBufferPointer) -> Line {
    if Self.hasSpaceBehind("content-length", line) { return .refused(.protocolError) }
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

  /// Chunks, and no other coding: none was asked for (RFC 9112 6.1).
  private mutating func takeTransfer(_ line: UnsafeRawBufferPointer) -> Line {
    if Self.hasSpaceBehind("transfer-encoding", line) { return .refused(.protocolError) }
    guard let value = Self.value(of: "transfer-encoding:", line) else { return .header }
    for part in value.split(separator: ",") {
      switch String(decoding: Self.trimmed(part.utf8), as: UTF8.self).lowercased() {
      case "": break
      case "chunked" where !isChunked: isChunked = true
      default: return .refused(.protocolError)
      }
    }
    return .header
  }

  /// Whether space stands between this name and its colon: others may not take it for this
  /// header, and find another end of the body (RFC 9112 5.1).
  private static func hasSpaceBehind(_ name: StaticString, _ line: UnsafeRawBufferPointer) -> Bool {
    guard let rest = bytes(of: name, line), rest.first == UInt8(ascii: ":") else { return false }
    return line[name.utf8CodeUnitCount] != UInt8(ascii: ":")
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
