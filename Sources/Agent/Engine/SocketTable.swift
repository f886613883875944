import CLinux
import Glibc
import Shared

/// Which sockets of libcurl an epoll instance watches, and for what.
///
/// libcurl withdraws its interest after each exchange and renews it with the next one. For a
/// connection the withdrawal is not passed on: it would cost two system calls per request. An
/// idle connection that turns readable is dropped from epoll then. Without TLS and HTTP/2 it is
/// shut down, too: its server closes it, or has sent what nobody asked for (a 408, say), which
/// libcurl would take for the answer to the next request (RFC 9112 9.6).
/// libcurl's other descriptors, such as its resolver's, are closed without a word to us, so
/// theirs is passed on: what the kernel forgets at a close must not be believed to be watched.
struct SocketTable {
  private let epoll: Int32
  private var entries: [Entry] = []

  /// One socket, as long as it is open: descriptors' numbers are used again.
  struct Key: Equatable {
    let fd: Int32
    let serial: UInt64
  }

  private var opened: UInt64 = 0
  /// Of connections that speak HTTP/2.
  private var meters: [Int32: ConnectionMeter] = [:]

  private struct Entry {
    /// Of `Key`; 0 for what is no connection.
    var serial: UInt64 = 0
    /// Whether only responses can come: no TLS and no HTTP/2.
    var isPlain = false
    /// What epoll watches.
    var registered: UInt32 = 0
    /// What libcurl waits for.
    var wanted: UInt32 = 0
    /// Opened and closed through our callbacks.
    var isConnection = false
  }

  init(epoll: Int32) { self.epoll = epoll }

  /// A connection's socket has been made.
  ///
  /// - Parameter isPlain: whether it speaks HTTP/1 without TLS.
  mutating func opened(_ fd: Int32, isPlain: Bool) -> Key {
    grow(to: fd)
    opened &+= 1
    entries[Int(fd)] = Entry(serial: opened, isPlain: isPlain, isConnection: true)
    return Key(fd: fd, serial: opened)
  }

  func isOpen(_ key: Key) -> Bool {
    Int(key.fd) < entries.count && entries[Int(key.fd)].serial == key.serial
  }

  /// Ends a connection, if it is still open, so that libcurl finds it dead and drops it.
  func shutDown(_ key: Key) {
    guard isOpen(key) else { return }
    shutdown(key.fd, Int32(SHUT_RDWR))
  }

  /// What has gone over a connection of HTTP/2 since the last call; nil when nobody knows.
  ///
  /// - Parameters:
  ///   - fd: its socket; below 0 when that has been closed.
  ///   - fresh: the meter of the connection, if it was made just now and has one already.
  ///   - isPlain: whether it has no TLS.
  mutating func take(
    _ fd: Int32, fresh: ConnectionMeter?, isPlain: Bool
  ) -> (sent: Int64, received: Int64)? {
    guard fd >= 0 else { return fresh?.take(nil) }
    guard let meter = fresh ?? meters[fd] ?? (isPlain ? ConnectionMeter() : nil) else {
      return nil
    }
    meters[fd] = meter
    return meter.take(fd)
  }

  mutating func want(_ fd: Int32, _ mask: UInt32) {
    grow(to: fd)
    let index = Int(fd)
    entries[index].wanted = mask
    let now = entries[index].registered
    if entries[index].isConnection {
      if mask & ~now == 0, now & ~mask & THRONG_EPOLLOUT == 0 { return }
      register(fd, mask == 0 ? now & THRONG_EPOLLIN : mask)
    } else {
      register(fd, mask)
    }
  }

  /// Whether libcurl waits for this socket; if not, it is watched no longer.
  mutating func isWanted(_ fd: Int32) -> Bool {
    let index = Int(fd)
    guard index < entries.count else { return false }
    if entries[index].wanted != 0 { return true }
    register(fd, 0)
    let entry = entries[index]
    if entry.isPlain, Self.hasCome(fd) { shutDown(Key(fd: fd, serial: entry.serial)) }
    return false
  }

  /// Whether there is something to read, the end included: what was told may have been the end of
  /// a response that libcurl has taken in since.
  private static func hasCome(_ fd: Int32) -> Bool {
    var byte: UInt8 = 0
    return recv(fd, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) >= 0
  }

  /// The socket is about to be closed, which takes it out of epoll.
  mutating func closed(_ fd: Int32) {
    guard Int(fd) < entries.count else { return }
    entries[Int(fd)] = Entry()
    if !meters.isEmpty { meters[fd] = nil }
  }

  private mutating func register(_ fd: Int32, _ mask: UInt32) {
    let now = entries[Int(fd)].registered
    guard mask != now else { return }
    let operation = mask == 0 ? EPOLL_CTL_DEL : now == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
    let status = throng_epoll_ctl(epoll, operation, fd, mask, UInt64(UInt32(bitPattern: fd)))
    // A descriptor that is gone already needs no removal.
    if status == 0 || mask == 0 { entries[Int(fd)].registered = mask }
  }

  private mutating func grow(to fd: Int32) {
    let missing = Int(fd) + 1 - entries.count
    guard missing > 0 else { return }
    entries.append(contentsOf: repeatElement(Entry(), count: max(64, missing)))
  }
}
