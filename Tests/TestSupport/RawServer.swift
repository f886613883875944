import CLinux
import Foundation
import Shared

/// A target that misbehaves as a test tells it to, one thread per connection.
///
/// `@unchecked Sendable`: what changes after `init` is guarded by `lock`.
public final class RawServer: @unchecked Sendable {
  public let port: UInt16
  private let listener: Int32
  private let handler: @Sendable (TCPStream) throws -> Void
  private let lock = NSLock()
  private var streams: [TCPStream] = []
  private var accepted = 0

  /// Calls `handler` with every connection; it is closed when the handler returns or throws.
  public init(_ handler: @escaping @Sendable (TCPStream) throws -> Void) throws {
    self.handler = handler
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    try Loopback.bind(number, 1)
    guard listen(number, 128) == 0 else {
      throw TestFailure("listen: \(String(cString: strerror(errno)))")
    }
    listener = number
    let borrowed = FileDescriptor(owning: dup(number))
    port = Socket.localPort(borrowed)
    let thread = Thread { [weak self] in
      while true {
        let connection = throng_accept(number)
        guard connection >= 0, let self else { return }
        // Handlers read and write in their own threads, and may block there.
        _ = fcntl(connection, F_SETFL, 0)
        self.serve(TCPStream(owning: connection, seconds: 120))
      }
    }
    thread.start()
  }

  deinit {
    // Wakes the accepting thread and the handlers; their streams close behind them.
    _ = shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
    for stream in streams { stream.shutDown() }
  }

  /// Connections so far.
  public var connections: Int { lock.withLock { accepted } }

  private func serve(_ stream: TCPStream) {
    lock.withLock {
      accepted += 1
      streams.append(stream)
    }
    let handler = self.handler
    let thread = Thread { [weak self] in
      try? handler(stream)
      self?.lock.withLock { self?.streams.removeAll { $0 === stream } }
    }
    thread.start()
  }

  /// Accepts and reads, and never answers.
  public static func neverAnswers() throws -> RawServer {
    try RawServer { stream in while try stream.read() != nil {} }
  }

  /// Promises a body, sends half of it and resets the connection.
  public static func resetsMidBody() throws -> RawServer {
    try RawServer { stream in
      _ = try stream.read()
      try stream.write(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\nhalf")
      // A reset overtakes nothing on loopback: the bytes are in the client's socket by now.
      stream.resetOnClose()
    }
  }

  /// Speaks something that is not HTTP.
  public static func talksNonsense() throws -> RawServer {
    try RawServer { stream in
      _ = try stream.read()
      try stream.write("\u{1}\u{2}\u{3} this is not HTTP\r\n\r\n")
    }
  }
}
