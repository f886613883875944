import CZlib

/// gzip (RFC 1952), one member or several, and deflate, in zlib's format (RFC 1950) or bare, as
/// some servers have it (RFC 9110 8.4.1.2).
final class ZlibDecoder: ContentDecoder {
  enum Format { case gzip, deflate }

  private let format: Format
  /// On the heap: zlib keeps a pointer to it.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var isBegun = false
  private(set) var isComplete = false

  init(_ format: Format) {
    self.format = format
    stream.initialize(to: z_stream())
  }

  deinit {
    if isBegun { inflateEnd(stream) }
    stream.deallocate()
  }

  func decode(
    _ input: UnsafeRawBufferPointer, _ output: (UnsafeRawBufferPointer) -> DecodingOutcome
  ) -> DecodingOutcome {
    guard let first = input.first else { return .goOn }
    if !isBegun {
      guard throng_inflate_init(stream, windowBits(input)) == Z_OK else { return .malformed }
      isBegun = true
    } else if isComplete {
      guard beginsMember(first) else { return .goOn }
    }
    // zlib only reads it.
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.bindMemory(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(clamping: input.count)
    return withUnsafeTemporaryAllocation(byteCount: decodedPieceBytes, alignment: 16) { piece in
      inflateAll(piece, output)
    }
  }

  private func inflateAll(
    _ piece: UnsafeMutableRawBufferPointer,
    _ output: (UnsafeRawBufferPointer) -> DecodingOutcome
  ) -> DecodingOutcome {
    while true {
      stream.pointee.next_out = piece.bindMemory(to: UInt8.self).baseAddress
      stream.pointee.avail_out = UInt32(piece.count)
      let code = inflate(stream, Z_NO_FLUSH)
      let made = piece.count - Int(stream.pointee.avail_out)
      if made > 0 {
        let outcome = output(UnsafeRawBufferPointer(rebasing: piece[..<made]))
        guard outcome == .goOn else { return outcome }
      }
      switch code {
      case Z_OK: continue
      // Nothing left to read, nothing left to write.
      case Z_BUF_ERROR: return .goOn
      case Z_STREAM_END:
        isComplete = true
        guard stream.pointee.avail_in > 0, let next = stream.pointee.next_in?.pointee,
          beginsMember(next)
        else { return .goOn }
      default: return .malformed
      }
    }
  }

  /// Whether another member of gzip follows; anything else behind the end is no content.
  private func beginsMember(_ byte: UInt8) -> Bool {
    guard format == .gzip, byte == 0x1f, inflateReset(stream) == Z_OK else { return false }
    isComplete = false
    return true
  }

  private func windowBits(_ input: UnsafeRawBufferPointer) -> Int32 {
    guard format == .deflate else { return 15 + 16 }
    // The two bytes in front of zlib's format: method 8, and together a multiple of 31.
    let isMethod = input[0] & 0x0f == 8
    let isChecked = input.count < 2 || (Int(input[0]) << 8 | Int(input[1])) % 31 == 0
    return isMethod && isChecked ? 15 : -15
  }
}
