import CLinux
import Glibc

/// Signals as events of a loop instead of interruptions.
public final class SignalSource {
  private let loop: EventLoop
  private let descriptor: FileDescriptor

  /// Blocks `signals` in this process, so it must be called before other threads start.
  public static func block(_ signals: [Int32]) {
    var set = Self.set(signals)
    pthread_sigmask(SIG_BLOCK, &set, nil)
    signal(SIGPIPE, SIG_IGN)
  }

  /// Does `work` while `signals` wait, so that no thread that begins in it ever takes one: those
  /// of a library, which end with the process, would let it die of a signal that others wait for.
  public static func withheld<Value, Failure: Error>(
    _ signals: [Int32], _ work: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    var set = Self.set(signals)
    var before = sigset_t()
    pthread_sigmask(SIG_BLOCK, &set, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    return try work()
  }

  /// Calls `handler` on `loop` for each of `signals`, which must be blocked. Call on the loop.
  public init(
    _ signals: [Int32], loop: EventLoop, _ handler: @escaping (Int32) -> Void
  ) throws {
    var set = Self.set(signals)
    let number = throng_signal_fd(&set)
    guard number >= 0 else { throw SystemError("signalfd") }
    let descriptor = FileDescriptor(owning: number)
    self.loop = loop
    self.descriptor = descriptor
    try loop.watch(number, .read) { _ in
      var info = signalfd_siginfo()
      while withUnsafeMutableBytes(of: &info, { descriptor.read(into: $0) })
        == .bytes(MemoryLayout<signalfd_siginfo>.size)
      {
        handler(Int32(info.ssi_signo))
      }
    }
  }

  private static func set(_ signals: [Int32]) -> sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for number in signals { sigaddset(&set, number) }
    return set
  }
}
