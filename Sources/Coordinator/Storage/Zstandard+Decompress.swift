import CZstd

extension Zstandard {
  /// The content of a frame of at most `bytesMax` bytes.
  static func decompress(_ frame: [UInt8], bytesMax: Int) throws(Failure) -> [UInt8] {
    try Decompressor().content(of: frame, bytesMax: bytesMax)
  }

  /// Unpacks one frame after the other with the same working memory. For one thread at a time.
  final class Decompressor {
    private let context: OpaquePointer

    init() {
      guard let context = ZSTD_createDCtx() else {
        preconditionFailure("out of memory for a decompression context")
      }
      self.context = context
    }

    deinit { ZSTD_freeDCtx(context) }

    /// The content of a frame of at most `bytesMax` bytes.
    func content(of frame: [UInt8], bytesMax: Int) throws(Failure) -> [UInt8] {
      let stated = throng_zstd_content_size(frame, frame.count)
      guard stated >= 0, stated <= bytesMax else {
        throw Failure(message: "no frame, or one of more than \(bytesMax) bytes")
      }
      var code = 0
      let content = [UInt8](unsafeUninitializedCapacity: Int(stated)) { output, count in
        code = ZSTD_decompressDCtx(
          context, output.baseAddress, output.count, frame, frame.count)
        count = ZSTD_isError(code) != 0 ? 0 : code
      }
      if ZSTD_isError(code) != 0 {
        throw Failure(message: String(cString: ZSTD_getErrorName(code)))
      }
      return content
    }
  }
}
