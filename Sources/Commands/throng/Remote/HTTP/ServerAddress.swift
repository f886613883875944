import CCurl
import Shared

/// The URL of a coordinator.
struct ServerAddress {
  /// What paths are appended to; it may hold a user and a password.
  let base: String
  /// The same for people to read, without what is secret.
  let shown: String

  /// - Parameter text: `http://host:port`, `https://host/below`, or `host:port`.
  /// - Throws: `UsageError` naming what is wrong.
  init(_ text: String) throws(UsageError) {
    let whole = text.contains("://") ? text : "http://\(text)"
    guard let url = curl_url() else { throw UsageError("--server: out of memory") }
    defer { curl_url_cleanup(url) }
    let code = curl_url_set(url, CURLUPART_URL, whole, 0)
    guard code == CURLUE_OK else {
      throw UsageError(
        "--server: \"\(text)\" is not a URL such as http://host:8080: "
          + String(cString: curl_url_strerror(code)))
    }
    let scheme = Self.part(url, CURLUPART_SCHEME)
    guard ["http", "https"].contains(scheme) else {
      throw UsageError("--server: \"\(text)\" is neither http:// nor https://")
    }
    guard Self.part(url, CURLUPART_QUERY) == nil, Self.part(url, CURLUPART_FRAGMENT) == nil else {
      throw UsageError("--server: \"\(text)\" must end with the path")
    }
    base = Self.trimmed(Self.part(url, CURLUPART_URL) ?? whole)
    curl_url_set(url, CURLUPART_USER, nil, 0)
    curl_url_set(url, CURLUPART_PASSWORD, nil, 0)
    shown = Self.trimmed(Self.part(url, CURLUPART_URL) ?? whole)
  }

  private static func part(_ url: OpaquePointer, _ part: CURLUPart) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(url, part, &text, 0) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }

  private static func trimmed(_ text: String) -> String {
    var text = text
    while text.hasSuffix("/") { text.removeLast() }
    return text
  }
}
