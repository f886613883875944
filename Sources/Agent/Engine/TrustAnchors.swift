import CCurl

/// Certificates of a private CA, lent to every handle of a run instead of copied into each.
///
/// `@unchecked Sendable`: the bytes are written once, before anybody else sees them.
final class TrustAnchors: @unchecked Sendable {
  private let bytes: UnsafeMutableRawBufferPointer?

  /// - Parameter pem: certificates to trust instead of the system's, or nil for the system's.
  init(pem: String?) {
    guard let pem else {
      bytes = nil
      return
    }
    let text = Array(pem.utf8)
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, text.count), alignment: 1)
    copy.copyBytes(from: text)
    bytes = copy
  }

  deinit { bytes?.deallocate() }

  func apply(to handle: UnsafeMutableRawPointer) {
    guard let bytes else { return }
    throng_set_blob(handle, CURLOPT_CAINFO_BLOB, bytes.baseAddress, bytes.count)
  }
}
