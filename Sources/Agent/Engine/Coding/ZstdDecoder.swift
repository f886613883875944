import CZstd

/// Zstandard (RFC 8878), one frame or several, with windows of at most 8 MiB (RFC 9659).
final class ZstdDecoder: ContentDecoder {
  private static let windowLogMax: Int32 = 23

  private let stream: OpaquePointer
  private(set) var isComplete = false

  /// Nil without memory.
  init?() {
    guard let stream = ZSTD_createDStream() else { return nil }
    self.stream = stream
    ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, Self.windowLogMax)
  }

  deinit { ZSTD_freeDStream(stream) }

  func decode(
    _ input: UnsafeRawBufferPointer, _ output: (UnsafeRawBufferPointer) -> DecodingOutcome
  ) -> DecodingOutcome {
    var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    return withUnsafeTemporaryAllocation(byteCount: decodedPieceBytes, alignment: 16) { piece in
      while true {
        var target = ZSTD_outBuffer(dst: piece.baseAddress, size: piece.count, pos: 0)
        let before = source.pos
        let result = ZSTD_decompressStream(stream, &target, &source)
        guard ZSTD_isError(result) == 0 else { return .malformed }
        if target.pos > 0 {
          let outcome = output(UnsafeRawBufferPointer(rebasing: piece[..<target.pos]))
          guard outcome == .goOn else { return outcome }
        }
        // Of a call that moved nothing, the answer says nothing of what is there.
        if source.pos > before || target.pos > 0 { isComplete = result == 0 }
        if source.pos == source.size, target.pos < target.size { return .goOn }
      }
    }
  }
}
