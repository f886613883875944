import Foundation
import Shared

/// A small blocking HTTP client for one server on this machine; one connection per request.
public struct HTTPClient: Sendable {
  public struct Response: Sendable {
    public var status: Int
    /// Names in lower case.
    public var headers: [String: String]
    public var body: [UInt8]

    public var text: String { String(decoding: body, as: UTF8.self) }

    public func json() throws -> JSONValue {
      do {
        return try JSONValue.parse(body)
      } catch {
        throw TestFailure("no JSON (\(error)), status \(status): \(text.prefix(500))")
      }
    }
  }

  public let port: UInt16
  public init(port: UInt16) { self.port = port }

  public func get(_ path: String) throws -> Response { try send("GET", path) }

  /// Sends a request; a body counts as JSON unless `headers` say otherwise.
  public func send(
    _ method: String, _ path: String, body: String? = nil, headers: [String: String] = [:]
  ) throws -> Response {
    var fields = ["Host": "127.0.0.1:\(port)", "Connection": "close"]
    if let body {
      fields["Content-Length"] = String(body.utf8.count)
      fields["Content-Type"] = "application/json"
    }
    fields.merge(headers) { $1 }
    var text = "\(method) \(path) HTTP/1.1\r\n"
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) { text += "\(name): \(value)\r\n" }
    text += "\r\n" + (body ?? "")
    return try raw(Array(text.utf8), head: method == "HEAD")
  }

  /// Sends `bytes` as they are and reads one response, which must end with the connection.
  public func raw(_ bytes: [UInt8], head: Bool = false) throws -> Response {
    let stream = try TCPStream(port: port)
    try stream.write(bytes)
    return try Self.parse(try stream.readToEnd(), head: head)
  }

  private static func parse(_ bytes: [UInt8], head: Bool) throws -> Response {
    let separator = Array("\r\n\r\n".utf8)
    guard let range = bytes.firstRange(of: separator) else {
      throw TestFailure("no HTTP response: \(String(decoding: bytes.prefix(200), as: UTF8.self))")
    }
    let lines = String(decoding: bytes[..<range.lowerBound], as: UTF8.self)
      .components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ")
    guard words.count >= 2, let status = Int(words[1]) else {
      throw TestFailure("no status line: \(lines[0])")
    }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      headers[line[..<colon].lowercased()] = value
    }
    var body = Array(bytes[range.upperBound...])
    if headers["transfer-encoding"]?.lowercased() == "chunked", !head {
      body = try dechunked(body)
    } else if let length = headers["content-length"].flatMap(Int.init), !head,
      body.count != length
    {
      throw TestFailure("a body of \(length) bytes came with \(body.count)")
    }
    return Response(status: status, headers: headers, body: body)
  }

  private static func dechunked(_ bytes: [UInt8]) throws -> [UInt8] {
    var body: [UInt8] = []
    var rest = bytes[...]
    while let end = rest.firstRange(of: [13, 10]) {
      let line = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
      guard let size = Int(line.prefix { $0.isHexDigit }, radix: 16) else { break }
      if size == 0 { return body }
      let start = end.upperBound
      guard start + size + 2 <= rest.endIndex else { break }
      body += rest[start..<start + size]
      rest = rest[(start + size + 2)...]
    }
    throw TestFailure("a chunked body was cut off after \(body.count) bytes")
  }
}
