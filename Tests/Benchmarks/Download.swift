import Foundation
import Glibc
import Shared
import TestSupport

/// One answer, read to its end in constant memory and counted.
struct Download {
  var firstByteMs = 0.0
  var seconds = 0.0
  var bytes = 0
  var rows = 0

  /// - Parameter byte: what is counted as a row.
  init(port: UInt16, _ path: String, counting byte: UInt8 = UInt8(ascii: "\n")) throws {
    let stream = try TCPStream(port: port)
    let began = Clock.monotonicNanos()
    try stream.write("GET \(path) HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    defer { piece.deallocate() }
    var isFirst = true
    while true {
      let count = recv(stream.number, piece.baseAddress, piece.count, 0)
      guard count >= 0 else { throw TestFailure("\(path): \(String(cString: strerror(errno)))") }
      if count == 0 { break }
      if isFirst {
        isFirst = false
        firstByteMs = Double(Clock.monotonicNanos() - began) / 1e6
        let head = String(decoding: piece[..<min(count, 15)], as: UTF8.self)
        guard head.hasPrefix("HTTP/1.1 200") else { throw TestFailure("\(path): \(head)") }
      }
      bytes += count
      var found = 0
      for index in 0..<count where piece[index] == byte { found += 1 }
      rows += found
    }
    seconds = Double(Clock.monotonicNanos() - began) / 1e9
  }
}
