import CLinux
import Glibc

/// TCP sockets, all non-blocking and close-on-exec.
public enum Socket {
  /// Listens; `address.port` 0 takes any free port.
  ///
  /// - Throws: `SystemError` naming the address, or `ResolveError`.
  public static func listen(_ address: HostPort) throws -> FileDescriptor {
    guard let target = try ResolvedAddress.resolve(address, passive: true).first else {
      throw SystemError("listen on \(address)", code: EADDRNOTAVAIL)
    }
    let socket = try open(target.family, "socket for \(address)")
    set(socket, SOL_SOCKET, SO_REUSEADDR, 1)
    guard target.withSockaddr({ bind(socket.number, $0, $1) }) == 0 else {
      throw SystemError("listen on \(address)")
    }
    guard Glibc.listen(socket.number, 1_024) == 0 else { throw SystemError("listen on \(address)") }
    return socket
  }

  /// Begins to connect; the socket turns writable when that is decided. Resolving blocks.
  public static func connect(_ address: HostPort, attempt: Int = 0) throws -> FileDescriptor {
    let targets = try ResolvedAddress.resolve(address, passive: false)
    guard !targets.isEmpty else { throw SystemError("connect \(address)", code: EADDRNOTAVAIL) }
    let target = targets[attempt % targets.count]
    let socket = try open(target.family, "socket for \(address)")
    setNoDelay(socket)
    let status = target.withSockaddr { Glibc.connect(socket.number, $0, $1) }
    guard status == 0 || errno == EINPROGRESS else { throw SystemError("connect \(address)") }
    return socket
  }

  /// Nil when nobody waits to be accepted.
  public static func accept(_ listener: FileDescriptor) throws -> FileDescriptor? {
    while true {
      let number = throng_accept(listener.number)
      if number >= 0 { return FileDescriptor(owning: number) }
      switch errno {
      // A peer that gave up between its SYN and our accept is no error of the listener.
      case EINTR, ECONNABORTED: continue
      case EAGAIN: return nil
      default: throw SystemError("accept")
      }
    }
  }

  /// The error that a connecting or broken socket holds, 0 for none.
  public static func pendingError(_ socket: FileDescriptor) -> Int32 {
    var value: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(socket.number, SOL_SOCKET, SO_ERROR, &value, &length) == 0 else {
      return errno
    }
    return value
  }

  /// The port that a listening socket got.
  public static func localPort(_ socket: FileDescriptor) -> UInt16 {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let port = withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> UInt16 in
        guard getsockname(socket.number, address, &length) == 0 else { return 0 }
        // `sin_port` and `sin6_port` stand at the same offset, after the family.
        return UnsafeRawPointer(address).load(fromByteOffset: 2, as: UInt16.self)
      }
    }
    return UInt16(bigEndian: port)
  }

  public static func setNoDelay(_ socket: FileDescriptor) {
    set(socket, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
  }

  private static func open(_ family: Int32, _ operation: String) throws -> FileDescriptor {
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let number = socket(family, type, 0)
    guard number >= 0 else { throw SystemError(operation) }
    return FileDescriptor(owning: number)
  }

  private static func set(_ socket: FileDescriptor, _ level: Int32, _ option: Int32, _ to: Int32) {
    var value = to
    setsockopt(socket.number, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
  }
}
