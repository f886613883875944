import CGdkPixbuf
import Shared

/// Reads images that nobody vouches for: the number of pixels and the time are bounded, and only
/// the reader of the format is used that the file shows.
enum ImageReader {
  /// Bytes that are handed on at once, between two looks at the clock.
  private static let pieceBytes = 4 << 10

  /// Reads the image at `path`, upright as its EXIF says.
  ///
  /// - Parameters:
  ///   - sideMax: pixels of the longer side, to which larger images are made smaller.
  ///   - seconds: how long it may take.
  /// - Throws: `ImageRefusal`, or `OutputFileError` when the file cannot be read.
  static func read(
    _ path: String, sideMax: Int? = nil, seconds: Double
  ) throws -> DecodedImage {
    let file = try OutputFileReader(path: path)
    guard var bytes = try file.next(), let format = ImageFormat(beginning: bytes) else {
      throw ImageRefusal.unknownFormat
    }
    let deadline = Clock.monotonicNanos() + Int64(seconds * 1e9)
    let loader = try ImageLoader(format, sideMax: sideMax)
    while true {
      for start in stride(from: 0, to: bytes.count, by: pieceBytes) {
        try loader.write(bytes[start..<min(start + pieceBytes, bytes.count)])
        guard Clock.monotonicNanos() < deadline else {
          throw ImageRefusal.tooSlow(seconds: seconds)
        }
      }
      guard let next = try file.next() else { break }
      bytes = next
    }
    return try loader.finish()
  }

  /// Whether files of this content type can be read as images, as far as that can be told.
  static func reads(_ contentType: String) -> Bool { readable.contains(contentType) }

  private static let readable: Set<String> = Set(
    ImageFormat.allCases.filter { (try? ImageLoader($0, sideMax: nil)) != nil }
      .flatMap { $0 == .jpeg ? ["image/jpeg", "image/jpg"] : ["image/\($0.rawValue)"] })
}

/// One image on its way in.
private final class ImageLoader {
  private let loader: UnsafeMutablePointer<GdkPixbufLoader>
  private let gate: SizeGate
  private var isClosed = false

  init(_ format: ImageFormat, sideMax: Int?) throws(ImageRefusal) {
    guard let loader = gdk_pixbuf_loader_new_with_type(format.rawValue, nil) else {
      throw .noReader(format)
    }
    self.loader = loader
    gate = SizeGate(sideMax: sideMax)
    throng_pixbuf_on_size(loader, sizePrepared, Unmanaged.passUnretained(gate).toOpaque())
  }

  deinit {
    // A loader complains when it goes without having been closed.
    if !isClosed { gdk_pixbuf_loader_close(loader, nil) }
    g_object_unref(loader)
  }

  func write(_ bytes: ArraySlice<UInt8>) throws(ImageRefusal) {
    var error: UnsafeMutablePointer<GError>?
    let isTaken = bytes.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { gdk_pixbuf_loader_write(loader, $0, gsize(buffer.count), &error) }
    }
    try check(isTaken != 0, error)
  }

  func finish() throws(ImageRefusal) -> DecodedImage {
    var error: UnsafeMutablePointer<GError>?
    isClosed = true
    try check(gdk_pixbuf_loader_close(loader, &error) != 0, error)
    guard let image = gdk_pixbuf_loader_get_pixbuf(loader),
      let upright = gdk_pixbuf_apply_embedded_orientation(image)
    else { throw .broken("there are no pixels in it") }
    return DecodedImage(owning: upright)
  }

  private func check(
    _ isGood: Bool, _ error: UnsafeMutablePointer<GError>?
  ) throws(ImageRefusal) {
    let message = error?.pointee.message.map { String(cString: $0) }
    g_clear_error(error)
    if let (width, height) = gate.refused {
      throw .tooManyPixels(width: width, height: height)
    }
    if !isGood { throw .broken(message ?? "for no known reason") }
  }

  private func g_clear_error(_ error: UnsafeMutablePointer<GError>?) {
    if let error { g_error_free(error) }
  }
}

/// Decides on the size of an image before there is memory for its pixels.
private final class SizeGate {
  let sideMax: Int?
  var refused: (width: Int, height: Int)?

  init(sideMax: Int?) { self.sideMax = sideMax }
}

private func sizePrepared(
  _ loader: UnsafeMutablePointer<GdkPixbufLoader>?, _ width: Int32, _ height: Int32,
  _ context: UnsafeMutableRawPointer?
) {
  guard let loader, let context else { return }
  let gate = Unmanaged<SizeGate>.fromOpaque(context).takeUnretainedValue()
  let (width, height) = (Int(width), Int(height))
  if width * height > Limits.imagePixelsMax {
    gate.refused = (width, height)
    // The sign that nobody wants it.
    return gdk_pixbuf_loader_set_size(loader, 0, 0)
  }
  let side = max(width, height)
  guard let sideMax = gate.sideMax, side > sideMax else { return }
  let scaled = { (pixels: Int) in
    Int32(max(1, (Double(pixels) * Double(sideMax) / Double(side)).rounded()))
  }
  gdk_pixbuf_loader_set_size(loader, scaled(width), scaled(height))
}
