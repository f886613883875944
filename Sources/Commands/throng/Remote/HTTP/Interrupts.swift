import CLinux
import Glibc
import Shared

/// Ctrl-C, SIGTERM and SIGHUP as something to look for, by commands that have to leave in good
/// order.
final class Interrupts {
  let descriptor: FileDescriptor
  private var raised = false

  /// From now on these signals end nothing by themselves.
  init() throws {
    var set = sigset_t()
    sigemptyset(&set)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&set, number) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    let number = throng_signal_fd(&set)
    guard number >= 0 else { throw SystemError("signalfd") }
    descriptor = FileDescriptor(owning: number)
  }

  /// Whether one has come.
  func isRaised() -> Bool {
    if raised { return true }
    var info = signalfd_siginfo()
    raised =
      withUnsafeMutableBytes(of: &info) { descriptor.read(into: $0) }
      == .bytes(MemoryLayout<signalfd_siginfo>.size)
    return raised
  }

  /// Waits for so long, or until one has come.
  func wait(milliseconds: Int) {
    var entry = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
    _ = poll(&entry, 1, Int32(clamping: milliseconds))
  }
}
