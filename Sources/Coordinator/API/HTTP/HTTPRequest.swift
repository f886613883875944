import Shared

/// Takes in the body of a request piece by piece, where it is too long for memory. A request has
/// one of its own, and calls it from one thread at a time.
public protocol BodySink: AnyObject, Sendable {
  /// Bytes of a body; longer ones are answered with 413.
  var bytesMax: Int { get }
  func take(_ piece: UnsafeRawBufferPointer)
}

/// A request as it came in: nothing in it is trusted.
public struct HTTPRequest: Sendable {
  public var method: String
  /// Decoded segments of the path (`/a/b` → `a`, `b`; none for `/`); nil when the target is not a
  /// valid URL.
  public var path: [String]?
  /// Decoded parameters in their order; nil when they are not valid.
  public var query: [(name: String, value: String)]?
  public var headers: [(name: String, value: String)]
  public var body: [UInt8]
  /// The body was longer than is read; `body` is empty then.
  public var bodyIsTooLarge = false
  /// There was no memory for the body; `body` is empty then.
  var bodyIsRefused = false
  /// What took the body in; `body` is empty then.
  public var sink: (any BodySink)?

  /// - Parameter target: path and query as in the request line.
  public init(
    method: String, target: [UInt8], headers: [(name: String, value: String)] = [],
    body: [UInt8] = []
  ) {
    self.method = method
    self.headers = headers
    self.body = body
    let plain = Self.originForm(target[...]).prefix { $0 != UInt8(ascii: "#") }
    let parts = plain.split(
      separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
    path = parts.first.flatMap(Self.segments)
    query = parts.count > 1 ? Self.parameters(parts[1]) : []
  }

  public init(
    _ method: String, _ target: String, headers: [(name: String, value: String)] = [],
    body: String = ""
  ) {
    self.init(method: method, target: Array(target.utf8), headers: headers, body: Array(body.utf8))
  }

  /// The value of a header; names compare without case.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// Clients of proxies send `http://host/path` (RFC 9112, 3.2.2); only the path counts here.
  private static func originForm(_ target: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let scheme = Array("http://".utf8)
    guard target.starts(with: scheme) else { return target }
    let rest = target.dropFirst(scheme.count)
    return rest.drop { $0 != UInt8(ascii: "/") }
  }

  private static func segments(_ path: ArraySlice<UInt8>) -> [String]? {
    guard path.first == UInt8(ascii: "/") else { return nil }
    if path.count == 1 { return [] }
    var segments: [String] = []
    let pieces = path.dropFirst().split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    for piece in pieces {
      guard let segment = PercentCoding.decode(piece) else { return nil }
      segments.append(segment)
    }
    return segments
  }

  private static func parameters(_ query: ArraySlice<UInt8>) -> [(name: String, value: String)]? {
    var parameters: [(name: String, value: String)] = []
    for piece in query.split(separator: UInt8(ascii: "&")) {
      let sides = piece.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentCoding.decode(sides[0], plusIsSpace: true),
        let value = PercentCoding.decode(sides.count > 1 ? sides[1] : [], plusIsSpace: true)
      else { return nil }
      parameters.append((name: name, value: value))
    }
    return parameters
  }
}
