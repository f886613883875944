import Foundation
import Glibc
import Shared
import XCTest

/// A small blocking HTTP client for one exchange.
final class SocketClient {
  struct Broken: Error { let reason: String }

  private var socket: Int32

  init(port: UInt16) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var timeout = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(
      socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw Broken(reason: "connect: \(errno)") }
  }

  deinit { close() }

  func close() {
    if socket >= 0 { Glibc.close(socket) }
    socket = -1
  }

  func call(_ method: String, _ target: String, _ body: String = "") throws -> Answer {
    var head = "\(method) \(target) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"
    if !body.isEmpty { head += "Content-Length: \(body.utf8.count)\r\n" }
    return try exchange(Array((head + "\r\n" + body).utf8), hasBody: method != "HEAD")
  }

  /// Sends bytes and reads the answer to the end of the connection.
  func exchange(
    _ bytes: [UInt8], hasBody: Bool = true, halfClose: Bool = false
  ) throws -> Answer {
    // A server that has answered already may close while we still send.
    try? send(bytes)
    if halfClose { shutdown(socket, Int32(SHUT_WR)) }
    var all: [UInt8] = []
    while true {
      let piece = try receive()
      if piece.isEmpty { break }
      all += piece
    }
    return try Self.parse(all, hasBody: hasBody)
  }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Broken(reason: "send: \(errno)") }
      sent += count
    }
  }

  /// Says that nothing more will come; reading goes on.
  func finishWriting() { shutdown(socket, Int32(SHUT_WR)) }

  /// The next bytes, none at the end.
  func receive() throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(socket, &buffer, buffer.count, 0)
    // A reset after the answer is an end like any other; an answer cut short fails to parse.
    guard count >= 0 || errno == ECONNRESET else { throw Broken(reason: "recv: \(errno)") }
    return Array(buffer.prefix(max(0, count)))
  }

  private static func parse(_ bytes: [UInt8], hasBody: Bool) throws -> Answer {
    let mark = Array("\r\n\r\n".utf8)
    guard bytes.count >= 4,
      let end = (0...bytes.count - 4).first(where: { Array(bytes[$0..<$0 + 4]) == mark })
    else { throw Broken(reason: "no head") }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ")
    guard words.count > 1, let status = Int(words[1]) else { throw Broken(reason: lines[0]) }
    var answer = Answer(status: status, headers: [], body: [])
    for line in lines.dropFirst() {
      let sides = line.split(separator: ":", maxSplits: 1)
      answer.headers.append(
        (name: String(sides[0]), value: sides[1].trimmingCharacters(in: .whitespaces)))
    }
    let rest = Array(bytes[(end + 4)...])
    guard hasBody else { return answer }
    if answer.header("Transfer-Encoding") == "chunked" {
      answer.body = try unchunked(rest[...])
    } else {
      let length = Int(answer.header("Content-Length") ?? "0") ?? 0
      guard rest.count == length else { throw Broken(reason: "body cut short") }
      answer.body = rest
    }
    return answer
  }

  private static func unchunked(_ bytes: ArraySlice<UInt8>) throws -> [UInt8] {
    var rest = bytes
    var body: [UInt8] = []
    while let lineEnd = rest.firstIndex(of: 0x0A) {
      let line = String(decoding: rest[..<lineEnd], as: UTF8.self)
      guard let size = Int(line.trimmingCharacters(in: .whitespacesAndNewlines), radix: 16) else {
        throw Broken(reason: "chunk size '\(line)'")
      }
      if size == 0 { return body }
      let start = lineEnd + 1
      guard rest.endIndex >= start + size + 2 else { throw Broken(reason: "chunk cut short") }
      body += rest[start..<start + size]
      rest = rest[(start + size + 2)...]
    }
    throw Broken(reason: "no last chunk")
  }
}
