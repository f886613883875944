import CCurl

/// The connections of one client, for all its transfers. Confined to its engine
/// thread, so that libcurl needs no locks.
final class ShareHandle {
  let pointer: UnsafeMutableRawPointer
  /// Set when HTTP/2 is wanted on plain connections, too.
  var clearText: ClearTextHTTP2?

  /// Nil when libcurl has no memory for it.
  init?() {
    guard let share = curl_share_init() else { return nil }
    pointer = share
    throng_share_connections(share)
  }

  deinit { curl_share_cleanup(pointer) }
}
