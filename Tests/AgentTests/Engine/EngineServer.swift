import Foundation
import Shared
import TestSupport

/// What an HTTP request looked like to the server.
struct SeenRequest: Equatable {
  var method: String
  var path: String
  var headers: [String: String]
  var body: String
  /// Bytes of head and body.
  var bytes: Int
  /// Which connection it came on, from 0.
  var connection: Int
}

/// An HTTP/1.1 server on loopback that answers as a test tells it to and remembers what it saw.
///
/// `@unchecked Sendable`: all state is guarded by `lock`.
final class EngineServer: @unchecked Sendable {
  private let lock = NSLock()
  private var seenRequests: [SeenRequest] = []
  private var accepted = 0
  private var server: RawServer?

  /// - Parameter answer: the whole response; nil closes the connection without one.
  init(_ answer: @escaping @Sendable (SeenRequest) -> String?) throws {
    server = try RawServer { [weak self] stream in
      guard let number = self?.accept() else { return }
      var bytes: [UInt8] = []
      while true {
        guard let request = try Self.read(stream, &bytes, number) else { return }
        self?.remember(request)
        guard let response = answer(request) else { return }
        try stream.write(response)
      }
    }
  }

  var port: UInt16 { server?.port ?? 0 }
  var seen: [SeenRequest] { lock.withLock { seenRequests } }
  func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

  private func accept() -> Int {
    lock.withLock {
      accepted += 1
      return accepted - 1
    }
  }

  private func remember(_ request: SeenRequest) {
    lock.withLock { seenRequests.append(request) }
  }

  /// One request, or nil at the end of the connection.
  private static func read(
    _ stream: TCPStream, _ bytes: inout [UInt8], _ connection: Int
  ) throws -> SeenRequest? {
    while true {
      if let request = parse(&bytes, connection) { return request }
      guard let more = try stream.read() else { return nil }
      bytes += more
    }
  }

  private static func parse(_ bytes: inout [UInt8], _ connection: Int) -> SeenRequest? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] =
        line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    let headBytes = text[..<end.upperBound].utf8.count
    let length = Int(headers["content-length"] ?? "0") ?? 0
    guard bytes.count >= headBytes + length else { return nil }
    let first = lines[0].split(separator: " ")
    let request = SeenRequest(
      method: String(first[0]), path: String(first[1]), headers: headers,
      body: String(decoding: bytes[headBytes..<(headBytes + length)], as: UTF8.self),
      bytes: headBytes + length, connection: connection)
    bytes.removeFirst(headBytes + length)
    return request
  }

  /// A response with a body of plain text.
  static func response(
    _ status: Int = 200, _ body: String = "", headers: [String] = []
  ) -> String {
    let lines =
      ["HTTP/1.1 \(status) X", "Content-Type: text/plain", "Content-Length: \(body.utf8.count)"]
      + headers
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
  }
}
