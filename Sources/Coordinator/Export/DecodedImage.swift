import CGdkPixbuf
import Shared

/// The pixels of an image: eight bits a channel, red, green, blue and maybe alpha.
final class DecodedImage {
  private let image: OpaquePointer
  let width: Int
  let height: Int
  /// 3, or 4 with alpha.
  let channels: Int
  /// Bytes from the beginning of one row to that of the next.
  let rowBytes: Int

  init(owning image: OpaquePointer) {
    self.image = image
    width = Int(gdk_pixbuf_get_width(image))
    height = Int(gdk_pixbuf_get_height(image))
    channels = Int(gdk_pixbuf_get_n_channels(image))
    rowBytes = Int(gdk_pixbuf_get_rowstride(image))
  }

  deinit { g_object_unref(UnsafeMutableRawPointer(image)) }

  /// The bytes of all rows, lent to `body`: a copy would be another hundred megabytes.
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    var count: guint = 0
    let start = gdk_pixbuf_get_pixels_with_length(image, &count)
    return withExtendedLifetime(self) {
      body(UnsafeBufferPointer(start: start, count: Int(count)))
    }
  }

  /// The image as a PNG file.
  func png() throws(ImageRefusal) -> [UInt8] {
    var buffer: UnsafeMutablePointer<CChar>?
    var count: gsize = 0
    var error: UnsafeMutablePointer<GError>?
    guard gdk_pixbuf_save_to_bufferv(image, &buffer, &count, "png", nil, nil, &error) != 0,
      let buffer
    else {
      defer { if let error { g_error_free(error) } }
      throw .broken(error?.pointee.message.map { String(cString: $0) } ?? "it cannot be written")
    }
    defer { g_free(buffer) }
    return Array(UnsafeRawBufferPointer(start: buffer, count: Int(count)))
  }
}
