import Foundation
import Shared
import TestSupport

/// A coordinator that plays one execution's event stream from a script, and cuts it on the way.
///
/// `@unchecked Sendable`: what changes after `init` is guarded by `lock`.
final class PlayedStream: @unchecked Sendable {
  /// What one connection to the stream gets.
  struct Scene: Sendable {
    var text: String
    /// Ends the body as it should be; otherwise the connection is cut.
    var ends = false
    var status = "200 OK"
  }

  private let lock = NSLock()
  private var scenes: [Scene]
  private var requests: [String] = []
  private var server: RawServer?

  /// - Parameter execution: what `GET /executions/1` answers.
  init(_ scenes: [Scene], execution: String) throws {
    self.scenes = scenes
    server = try RawServer { [weak self] stream in
      var head = ""
      while let line = try stream.readLine(), line != "\r" { head += line + "\n" }
      try self?.answer(head, execution, stream)
    }
  }

  var url: String { "http://127.0.0.1:\(server?.port ?? 0)" }

  /// Heads of the requests for the stream, in their order.
  var streamRequests: [String] { lock.withLock { requests } }

  private func answer(_ head: String, _ execution: String, _ stream: TCPStream) throws {
    guard head.contains("/stream") else {
      let length = execution.utf8.count
      return try stream.write(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: \(length)\r\n\r\n\(execution)")
    }
    let scene = lock.withLock {
      requests.append(head)
      return scenes.isEmpty ? Scene(text: "", status: "204 No Content") : scenes.removeFirst()
    }
    try stream.write("HTTP/1.1 \(scene.status)\r\nConnection: close\r\n")
    guard scene.status.hasPrefix("200") else { return try stream.write("\r\n") }
    try stream.write("Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    try stream.write("\(String(scene.text.utf8.count, radix: 16))\r\n\(scene.text)\r\n")
    if scene.ends { try stream.write("0\r\n\r\n") }
  }
}
