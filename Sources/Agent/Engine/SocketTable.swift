import CLinux
import Shared

/// Which sockets of libcurl an epoll instance watches, and for what.
///
/// libcurl withdraws its interest after each exchange and renews it with the next one. For a
/// connection the withdrawal is not passed on: it would cost two system calls per request. An
/// idle connection that turns readable, because its server closes it, is dropped from epoll then.
/// libcurl's other descriptors, such as its resolver's, are closed without a word to us, so
/// theirs is passed on: what the kernel forgets at a close must not be believed to be watched.
struct SocketTable {
  private let epoll: Int32
  private var entries: [Entry] = []

  private struct Entry {
    /// What epoll watches.
    var registered: UInt32 = 0
    /// What libcurl waits for.
    var wanted: UInt32 = 0
    /// Opened and closed through our callbacks.
    var isConnection = false
  }

  init(epoll: Int32) { self.epoll = epoll }

  /// A connection's socket has been made.
  mutating func opened(_ fd: Int32) {
    grow(to: fd)
    entries[Int(fd)] = Entry(isConnection: true)
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
    return false
  }

  /// The socket is about to be closed, which takes it out of epoll.
  mutating func closed(_ fd: Int32) {
    guard Int(fd) < entries.count else { return }
    entries[Int(fd)] = Entry()
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
