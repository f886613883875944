import CLinux
import Shared

/// Which sockets of libcurl an epoll instance watches, and for what.
///
/// libcurl withdraws its interest after each exchange and renews it with the next one. For
/// reading the withdrawal is not passed on: it would cost two system calls per request. An idle
/// connection that turns readable, because its server closes it, is dropped from epoll then.
struct SocketTable {
  private let epoll: Int32
  private var registered: [UInt32] = []
  private var wanted: [UInt32] = []

  init(epoll: Int32) { self.epoll = epoll }

  mutating func want(_ fd: Int32, _ mask: UInt32) {
    let index = Int(fd)
    if index >= registered.count {
      let missing = max(64, index + 1 - registered.count)
      registered.append(contentsOf: repeatElement(0, count: missing))
      wanted.append(contentsOf: repeatElement(0, count: missing))
    }
    wanted[index] = mask
    let now = registered[index]
    if mask & ~now == 0, now & ~mask & THRONG_EPOLLOUT == 0 { return }
    let next = mask == 0 ? now & THRONG_EPOLLIN : mask
    let operation = now == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
    if throng_epoll_ctl(epoll, operation, fd, next, UInt64(UInt32(bitPattern: fd))) == 0 {
      registered[index] = next
    }
  }

  /// Whether libcurl waits for this socket; if not, it is watched no longer.
  mutating func isWanted(_ fd: Int32) -> Bool {
    let index = Int(fd)
    guard index < wanted.count else { return false }
    if wanted[index] != 0 { return true }
    if registered[index] != 0 {
      _ = throng_epoll_ctl(epoll, EPOLL_CTL_DEL, fd, 0, 0)
      registered[index] = 0
    }
    return false
  }

  /// The socket is about to be closed, which takes it out of epoll.
  mutating func closed(_ fd: Int32) {
    let index = Int(fd)
    guard index < wanted.count else { return }
    wanted[index] = 0
    registered[index] = 0
  }
}
