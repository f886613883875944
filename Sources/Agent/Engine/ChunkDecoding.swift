/// Undoes the chunked transfer coding (RFC 9112 7.1), piece by piece. Pure.
///
/// libcurl follows chunks, too, to know where they end, but hands them on as they came: so their
/// framing is counted, what follows the last one is told from content, and sizes are judged here.
struct ChunkDecoding {
  /// Bytes of a line of a chunk's size with its extensions, of which nobody has a use.
  private static let lineBytesMax = 16 << 10
  /// Digits of a size, leading zeros included.
  private static let digitsMax = 16

  private enum Place {
    case size, extensions, sizeEnd
    case data, dataEnd, dataLineEnd
    /// At the start of a line behind the last chunk, within one, before the end of the empty one.
    case trailers, trailer, end
    case over
  }

  enum Outcome: Equatable {
    case goOn
    /// Whoever takes the content wants no more.
    case refused
    /// These are no chunks.
    case malformed
    case tooLarge
  }

  private var place = Place.size
  private var left: UInt64 = 0
  private var digits = 0
  private var lineBytes = 0
  private var trailerBytes = 0
  /// Bytes of the body with all of its framing.
  private(set) var bytes: Int64 = 0
  /// Whether anything has come behind the end: it answers nothing.
  private(set) var hasExcess = false

  var isComplete: Bool { place == .over }

  /// - Parameters:
  ///   - input: as it came.
  ///   - output: takes the content, lent for the call; false ends it.
  mutating func decode(
    _ input: UnsafeRawBufferPointer, _ output: (UnsafeRawBufferPointer) -> Bool
  ) -> Outcome {
    var at = 0
    defer { bytes += Int64(at) }
    while at < input.count {
      switch place {
      case .data:
        let count = Int(min(left, UInt64(input.count - at)))
        guard output(UnsafeRawBufferPointer(rebasing: input[at..<(at + count)])) else {
          return .refused
        }
        left -= UInt64(count)
        at += count
        if left == 0 { place = .dataEnd }
      case .over:
        hasExcess = true
        return .goOn
      default:
        let outcome = take(input[at])
        at += 1
        if outcome != .goOn { return outcome }
      }
    }
    return .goOn
  }

  /// One byte of framing.
  private mutating func take(_ byte: UInt8) -> Outcome {
    switch place {
    case .size: return takeSize(byte)
    case .extensions, .sizeEnd:
      lineBytes += 1
      if byte == 0x0a {
        endSize()
        return .goOn
      }
      // A CR is the line's end or nothing.
      guard place == .extensions, lineBytes <= Self.lineBytesMax else { return .malformed }
      if byte == 0x0d { place = .sizeEnd }
    case .dataEnd:
      guard byte == 0x0d || byte == 0x0a else { return .malformed }
      if byte == 0x0a { beginSize() } else { place = .dataLineEnd }
    case .dataLineEnd:
      guard byte == 0x0a else { return .malformed }
      beginSize()
    case .trailers, .trailer, .end: return takeTrailer(byte)
    case .data, .over: break
    }
    return .goOn
  }

  private mutating func takeSize(_ byte: UInt8) -> Outcome {
    if let digit = Self.hexDigit(byte) {
      digits += 1
      guard digits <= Self.digitsMax else { return .malformed }
      left = left << 4 | UInt64(digit)
      return left <= UInt64(Int64.max) ? .goOn : .malformed
    }
    guard digits > 0 else { return .malformed }
    switch byte {
    case 0x0a: endSize()
    case 0x0d: place = .sizeEnd
    case 0x3b, 0x20, 0x09: place = .extensions
    default: return .malformed
    }
    return .goOn
  }

  private mutating func takeTrailer(_ byte: UInt8) -> Outcome {
    trailerBytes += 1
    guard trailerBytes <= ResponseHead.bytesMax else { return .tooLarge }
    switch (place, byte) {
    case (.trailers, 0x0d): place = .end
    case (.trailers, 0x0a), (.end, 0x0a): place = .over
    case (.end, _): return .malformed
    case (.trailer, 0x0a): place = .trailers
    default: place = .trailer
    }
    return .goOn
  }

  private mutating func beginSize() {
    place = .size
    digits = 0
    lineBytes = 0
  }

  private mutating func endSize() { place = left == 0 ? .trailers : .data }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}
