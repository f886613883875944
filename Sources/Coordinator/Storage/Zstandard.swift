import CZstd

/// Compression of what is kept. Each section becomes a block of its own, with its own symbol
/// statistics, because columns of different kinds share none.
final class Zstandard {
  struct Failure: Error, Equatable { var message: String }

  private static let level: Int32 = 3
  /// A section below this is put together with the next: a block costs some bytes of its own.
  private static let sectionBytesMin = 256

  private let context: OpaquePointer

  init() {
    guard let context = ZSTD_createCCtx() else {
      preconditionFailure("out of memory for a compression context")
    }
    self.context = context
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Self.level)
    // A torn page must not pass for results.
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
  }

  deinit { ZSTD_freeCCtx(context) }

  /// One frame with all sections.
  func compress(_ sections: [[UInt8]]) throws(Failure) -> [UInt8] {
    let total = sections.reduce(0) { $0 + $1.count }
    ZSTD_CCtx_reset(context, ZSTD_reset_session_only)
    ZSTD_CCtx_setPledgedSrcSize(context, UInt64(total))
    let capacity = ZSTD_compressBound(total) + 16 * (sections.count + 1)
    var written = 0
    var pending: [UInt8] = []
    var failure: Failure?
    let frame = [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
      for (index, section) in sections.enumerated() {
        pending += section
        let isLast = index == sections.count - 1
        if !isLast, pending.count < Self.sectionBytesMin { continue }
        let mode = isLast ? ZSTD_e_end : ZSTD_e_flush
        failure = self.write(pending, mode, UnsafeMutableRawBufferPointer(output), &written)
        if failure != nil { break }
        pending.removeAll(keepingCapacity: true)
      }
      count = written
    }
    if let failure { throw failure }
    return frame
  }

  private func write(
    _ section: [UInt8], _ mode: ZSTD_EndDirective, _ output: UnsafeMutableRawBufferPointer,
    _ written: inout Int
  ) -> Failure? {
    section.withUnsafeBytes { bytes in
      var source = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
      var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: written)
      let rest = ZSTD_compressStream2(context, &target, &source, mode)
      written = target.pos
      if ZSTD_isError(rest) != 0 {
        return Failure(message: String(cString: ZSTD_getErrorName(rest)))
      }
      // The output holds the worst case, so one call always takes everything.
      return rest == 0 && source.pos == source.size
        ? nil : Failure(message: "compressed data is larger than its bound")
    }
  }
}
