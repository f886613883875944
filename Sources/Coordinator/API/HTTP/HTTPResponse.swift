import Shared

/// What a request is answered with.
public struct HTTPResponse {
  public enum Body {
    case bytes([UInt8])
    /// A long answer, made while it is sent.
    case stream(BodyStream)
  }

  public var status: Int
  public var headers: [(name: String, value: String)]
  /// For HEAD the same as for GET; the server leaves it out.
  public var body: Body
  /// The pattern of the route that answered; empty for none. Not sent.
  public var route = ""

  public init(status: Int, headers: [(name: String, value: String)] = [], body: Body = .bytes([])) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The value of a header; names compare without case.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

extension HTTPResponse {
  static func json(
    _ writer: JSONWriter, status: Int = 200, headers: [(name: String, value: String)] = []
  ) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: [(name: "Content-Type", value: "application/json")] + headers,
      body: .bytes(writer.bytes))
  }

  /// 201 with the place of what was made.
  static func created(_ writer: JSONWriter, location: String) -> HTTPResponse {
    json(writer, status: 201, headers: [(name: "Location", value: location)])
  }

  /// - Parameter filename: set for what browsers should save rather than show.
  static func stream(_ type: String, filename: String? = nil, _ body: BodyStream) -> HTTPResponse {
    var headers = [(name: "Content-Type", value: type)]
    if let filename {
      headers.append(
        (name: "Content-Disposition", value: "attachment; filename=\"\(filename)\""))
    }
    return HTTPResponse(status: 200, headers: headers, body: .stream(body))
  }
}
