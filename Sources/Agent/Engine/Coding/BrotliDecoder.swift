import CBrotli

/// Brotli (RFC 7932).
final class BrotliDecoder: ContentDecoder {
  private let state: OpaquePointer
  private(set) var isComplete = false

  /// Nil without memory.
  init?() {
    guard let state = BrotliDecoderCreateInstance(nil, nil, nil) else { return nil }
    self.state = state
  }

  deinit { BrotliDecoderDestroyInstance(state) }

  func decode(
    _ input: UnsafeRawBufferPointer, _ output: (UnsafeRawBufferPointer) -> DecodingOutcome
  ) -> DecodingOutcome {
    guard !isComplete else { return .goOn }
    var next = input.bindMemory(to: UInt8.self).baseAddress
    var left = input.count
    return withUnsafeTemporaryAllocation(byteCount: decodedPieceBytes, alignment: 16) { piece in
      while true {
        var place = piece.bindMemory(to: UInt8.self).baseAddress
        var room = piece.count
        let result = BrotliDecoderDecompressStream(state, &left, &next, &room, &place, nil)
        let made = piece.count - room
        if made > 0 {
          let outcome = output(UnsafeRawBufferPointer(rebasing: piece[..<made]))
          guard outcome == .goOn else { return outcome }
        }
        switch result {
        case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT: continue
        case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT: return .goOn
        case BROTLI_DECODER_RESULT_SUCCESS:
          isComplete = true
          return .goOn
        default: return .malformed
        }
      }
    }
  }
}
