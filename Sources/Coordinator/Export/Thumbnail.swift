import Shared
import Synchronization

/// Small pictures of images, made when they are asked for.
enum Thumbnail {
  /// One at a time: what decoding takes of memory is taken once, however many are asked for.
  private static let decoding = Mutex<Void>(())

  /// The image at `path` as a PNG that is at most `Limits.thumbnailSideMax` pixels wide and high,
  /// never larger than it is itself.
  ///
  /// - Throws: `ImageRefusal`, or `OutputFileError` when the file cannot be read.
  static func png(of path: String) throws -> [UInt8] {
    try decoding.withLock { _ in
      try ImageReader.read(
        path, sideMax: Limits.thumbnailSideMax, seconds: Limits.thumbnailSecsMax
      ).png()
    }
  }
}
