import CLinux
import Glibc

/// A blocking connection to a loopback port, with a time limit on every step.
///
/// `@unchecked Sendable`: the descriptor never changes, and the kernel serialises its use.
public final class TCPStream: @unchecked Sendable {
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  /// Takes over a connected descriptor.
  init(owning descriptor: Int32, seconds: Int = 30) {
    self.descriptor = descriptor
    var limit = timeval(tv_sec: seconds, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
  }

  /// - Parameter host: the last byte of the address in 127.0.0.0/24 from which it comes.
  public convenience init(port: UInt16, from host: UInt8? = nil, seconds: Int = 30) throws {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { throw TestFailure("socket: \(String(cString: strerror(errno)))") }
    if let host { try Loopback.bind(number, host) }
    var address = Loopback.address(port: port)
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else {
      let reason = String(cString: strerror(errno))
      close(number)
      throw TestFailure("connect 127.0.0.1:\(port): \(reason)")
    }
    self.init(owning: number, seconds: seconds)
  }

  /// For programs that read large answers themselves.
  public var number: Int32 { descriptor }

  deinit { close(descriptor) }

  public func write(_ bytes: some Collection<UInt8>) throws {
    var rest = ArraySlice(Array(bytes))
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw TestFailure("write: \(String(cString: strerror(errno)))") }
      rest = rest.dropFirst(count)
    }
  }

  public func write(_ text: String) throws { try write(Array(text.utf8)) }

  /// What comes next, or nil at the end of the stream.
  ///
  /// - Throws: `TestFailure` after the time limit or when the peer reset the connection.
  public func read() throws -> [UInt8]? {
    if !buffer.isEmpty {
      defer { buffer = [] }
      return buffer
    }
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    let count = recv(descriptor, &chunk, chunk.count, 0)
    guard count >= 0 else { throw TestFailure("read: \(String(cString: strerror(errno)))") }
    return count == 0 ? nil : Array(chunk[..<count])
  }

  /// Bytes that were read, but are for whoever reads next.
  public func putBack(_ bytes: some Collection<UInt8>) { buffer = Array(bytes) + buffer }

  public func readToEnd() throws -> [UInt8] {
    var all: [UInt8] = []
    while let bytes = try read() { all += bytes }
    return all
  }

  /// The next line without its newline, or nil when the stream ends before one.
  public func readLine() throws -> String? {
    var line: [UInt8] = []
    while let bytes = try read() {
      guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else {
        line += bytes
        continue
      }
      buffer = Array(bytes[(end + 1)...])
      return String(decoding: line + bytes[..<end], as: UTF8.self)
    }
    return nil
  }

  /// Reads and drops what comes until the peer closes or resets the connection; false when it
  /// has not done so within the time limit.
  public func waitUntilClosed() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 4 << 10)
    while true {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count == 0 { return true }
      if count < 0 { return errno != EAGAIN }
    }
  }

  /// Makes the close of this stream a reset: what was not read or sent is thrown away.
  public func resetOnClose() {
    var value = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
  }

  /// Says that nothing more will be written; reading goes on.
  public func finishWriting() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// Wakes whoever reads or writes on another thread.
  public func shutDown() { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
}

/// Addresses of this machine.
enum Loopback {
  static func address(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    return address
  }

  /// Binds a socket to a free port of `127.0.0.host`.
  static func bind(_ socket: Int32, _ host: UInt8) throws {
    var address = address(port: 0)
    address.sin_addr.s_addr = (UInt32(INADDR_LOOPBACK) & ~0xFF | UInt32(host)).bigEndian
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else {
      throw TestFailure("bind 127.0.0.\(host): \(String(cString: strerror(errno)))")
    }
  }
}
