import CBrotli
import CZlib
import CZstd

/// Codings that a script can have the body of a request put into; k6 has the same, with the same
/// levels.
enum ContentCoding: String {
  case gzip, deflate, zstd, br

  /// zstd's and brotli's usual level between speed and size.
  private static let zstdLevel: Int32 = 3
  private static let brotliQuality: Int32 = 6

  /// - Returns: nil without memory.
  func encode(_ bytes: [UInt8]) -> [UInt8]? {
    switch self {
    case .gzip: Self.zlib(bytes, windowBits: 15 + 16)
    case .deflate: Self.zlib(bytes, windowBits: 15)
    case .zstd:
      Self.filled(ZSTD_compressBound(bytes.count)) { output in
        let count = bytes.withUnsafeBytes {
          ZSTD_compress(
            output.baseAddress, output.count, $0.baseAddress, $0.count, Self.zstdLevel)
        }
        return ZSTD_isError(count) == 0 ? count : nil
      }
    case .br:
      // 0 stands for what it cannot bound; no body is that large.
      Self.filled(max(16, BrotliEncoderMaxCompressedSize(bytes.count))) { output in
        var count = output.count
        let isDone = bytes.withUnsafeBufferPointer {
          BrotliEncoderCompress(
            Self.brotliQuality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, $0.count,
            $0.baseAddress, &count, output.baseAddress)
        }
        return isDone == BROTLI_TRUE ? count : nil
      }
    }
  }

  private static func zlib(_ bytes: [UInt8], windowBits: Int32) -> [UInt8]? {
    // On the heap: zlib keeps a pointer to it.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    guard throng_deflate_init(stream, windowBits) == Z_OK else { return nil }
    defer { deflateEnd(stream) }
    guard bytes.count <= Int(UInt32.max) else { return nil }
    return filled(Int(deflateBound(stream, UInt(bytes.count)))) { output in
      bytes.withUnsafeBufferPointer { input in
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(clamping: output.count)
        return CZlib.deflate(stream, Z_FINISH) == Z_STREAM_END ? Int(stream.pointee.total_out) : nil
      }
    }
  }

  private static func filled(
    _ capacity: Int, _ body: (UnsafeMutableBufferPointer<UInt8>) -> Int?
  ) -> [UInt8]? {
    var isDone = false
    let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
      guard let made = body(output) else { return }
      count = made
      isDone = true
    }
    return isDone ? bytes : nil
  }
}
