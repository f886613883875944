import Shared

/// A path below the server's URL, with a query.
struct RemotePath: Equatable {
  /// As it stands in the URL.
  private(set) var text = ""
  private var hasQuery = false

  /// - Parameter segments: as they are meant; they are escaped here.
  init(_ segments: String...) {
    text = segments.map { "/" + Self.escaped($0) }.joined()
  }

  /// The same with parameters; those without a value are left out.
  func with(_ parameters: [(name: String, value: String?)]) -> RemotePath {
    var path = self
    for case (let name, let value?) in parameters {
      path.text += "\(path.hasQuery ? "&" : "?")\(name)=\(Self.escaped(value))"
      path.hasQuery = true
    }
    return path
  }

  /// A path below this one.
  func appending(_ segments: String...) -> RemotePath {
    var path = self
    path.text += segments.map { "/" + Self.escaped($0) }.joined()
    return path
  }

  /// Everything but the unreserved characters of RFC 3986 as escapes.
  private static func escaped(_ text: String) -> String {
    PercentCoding.encode(text, keeping: "-._~")
  }
}
