import Foundation
import Glibc
import Shared
import TestSupport

/// One answer, read to its end in constant memory and counted.
struct Download {
  var firstByteMs = 0.0
  var seconds = 0.0
  /// Of the body.
  var bytes = 0
  var rows = 0

  /// - Parameter byte: what the body has once for each row, and once more before them.
  init(port: UInt16, _ path: String, counting byte: UInt8) throws {
    let stream = try TCPStream(port: port)
    let began = Clock.monotonicNanos()
    // HTTP/1.0 has no chunks, whose lengths would be counted too.
    try stream.write("GET \(path) HTTP/1.0\r\nHost: bench\r\n\r\n")
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    defer { piece.deallocate() }
    var head: [UInt8] = []
    var inBody = false
    while true {
      let count = recv(stream.number, piece.baseAddress, piece.count, 0)
      guard count >= 0 else { throw TestFailure("\(path): \(String(cString: strerror(errno)))") }
      if count == 0 { break }
      if head.isEmpty { firstByteMs = Double(Clock.monotonicNanos() - began) / 1e6 }
      guard inBody else {
        head += piece[..<count]
        guard let end = head.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound else { continue }
        inBody = true
        guard head.starts(with: "HTTP/1.".utf8), head[8...].starts(with: " 200".utf8) else {
          throw TestFailure("\(path): \(String(decoding: head.prefix(60), as: UTF8.self))")
        }
        bytes = head.count - end
        rows = head[end...].count { $0 == byte } - 1
        continue
      }
      bytes += count
      var found = 0
      for index in 0..<count where piece[index] == byte { found += 1 }
      rows += found
    }
    seconds = Double(Clock.monotonicNanos() - began) / 1e9
  }
}
