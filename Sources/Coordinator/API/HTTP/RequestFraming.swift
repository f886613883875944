import Shared

/// Whether it is beyond doubt where a request ends (RFC 9112, 6.3). Where it is not, a proxy before
/// us may see other requests than we do, and let one pass that it should have stopped.
enum RequestFraming {
  typealias Headers = [(name: String, value: String)]

  /// What is wrong with the headers; nil when nothing is.
  static func fault(_ headers: Headers) -> String? {
    var lengths: [String] = []
    var encodings: [String] = []
    for (name, value) in headers {
      guard HTTPToken.isToken(name) else {
        return "a header has a name with characters that names must not have"
      }
      // Few names are of that length: most are not looked at any closer.
      switch name.utf8.count {
      case 14 where name.lowercased() == "content-length": lengths.append(value)
      case 17 where name.lowercased() == "transfer-encoding": encodings.append(value)
      default: break
      }
    }
    if lengths.count > 1 { return "Content-Length is there more than once" }
    if let length = lengths.first, length.isEmpty || !length.utf8.allSatisfy({ 48...57 ~= $0 }) {
      return "Content-Length is no number"
    }
    guard let encoding = encodings.first else { return nil }
    if !lengths.isEmpty { return "Content-Length and Transfer-Encoding exclude each other" }
    return encodings.count == 1 && encoding.lowercased() == "chunked"
      ? nil : "no Transfer-Encoding but chunked is taken"
  }
}
