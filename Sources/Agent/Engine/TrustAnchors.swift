import CCurl
import COpenSSL

/// The certificates that servers are verified with, parsed once and used by every connection.
///
/// libcurl 7.88 parses its files anew for each connection when it has a directory of them, as on
/// Debian, or certificates in memory: 40 ms of the engine thread each time. A store of our own in
/// place of the one of libcurl's context costs a reference count.
///
/// `@unchecked Sendable`: the store is filled before anybody else sees it; OpenSSL's own locks
/// guard its lookups and its reference count.
final class TrustAnchors: @unchecked Sendable {
  /// The system's certificates, where this libcurl looks for them. One per process, never freed.
  private static let system = TrustAnchors(loadingSystem: ())

  /// An `X509_STORE` with a reference of ours; nil only without memory.
  private let store: OpaquePointer?

  /// - Parameter pem: certificates to trust instead of the system's, or nil for the system's.
  init(pem: String?) {
    guard let pem else {
      store = Self.system.store
      if let store { X509_STORE_up_ref(store) }
      return
    }
    store = Self.emptyStore()
    add(pem: pem)
  }

  private init(loadingSystem: ()) {
    store = Self.emptyStore()
    defer { ERR_clear_error() }
    guard let store, let info = curl_version_info(CURLVERSION_SEVENTH) else { return }
    // Without either file nothing is trusted, and verification says so.
    X509_STORE_load_locations(store, info.pointee.cainfo, info.pointee.capath)
  }

  deinit { X509_STORE_free(store) }

  /// With the rules that libcurl gives its own store: certificates that are trusted come before
  /// those that the server sends, and need not be self-signed.
  private static func emptyStore() -> OpaquePointer? {
    guard let store = X509_STORE_new() else { return nil }
    X509_STORE_set_flags(
      store, UInt(X509_V_FLAG_TRUSTED_FIRST) | UInt(X509_V_FLAG_PARTIAL_CHAIN))
    return store
  }

  /// Adds the certificates of a text until the first thing that is none.
  private func add(pem: String) {
    // A queue with old errors would make OpenSSL's next call look failed.
    defer { ERR_clear_error() }
    let text = Array(pem.utf8)
    text.withUnsafeBytes { bytes in
      guard let bio = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else {
        return
      }
      defer { BIO_free(bio) }
      while let certificate = PEM_read_bio_X509_AUX(bio, nil, nil, nil) {
        X509_STORE_add_cert(store, certificate)
        X509_free(certificate)
      }
    }
  }

  /// Has libcurl look for no certificates of its own: `use(in:)` must be called for the context of
  /// every connection of `handle`.
  static func replaceOwn(of handle: UnsafeMutableRawPointer) {
    throng_set_string(handle, CURLOPT_CAINFO, nil)
    throng_set_string(handle, CURLOPT_CAPATH, nil)
    // libcurl's own cache would put the store of one run's connections in place of another's: it
    // looks there after the callback.
    throng_set_long(handle, CURLOPT_CA_CACHE_TIMEOUT, 0)
  }

  /// - Parameter context: an `SSL_CTX`.
  func use(in context: OpaquePointer) {
    if let store { SSL_CTX_set1_cert_store(context, store) }
  }
}
