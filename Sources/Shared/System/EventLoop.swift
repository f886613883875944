import CLinux
import Glibc
import Foundation
import Synchronization

/// What a watcher waits for.
public struct Interest: OptionSet, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  public static let read = Interest(rawValue: 1)
  public static let write = Interest(rawValue: 2)
}

/// What happened to a watched descriptor.
public struct Readiness: OptionSet, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  public static let read = Readiness(rawValue: 1)
  public static let write = Readiness(rawValue: 2)
  /// The peer is gone or the descriptor is broken.
  public static let closed = Readiness(rawValue: 4)
}

/// One thread that waits on epoll: descriptors, timers and closures sent from other threads.
///
/// `@unchecked Sendable`: everything but `inbox` and `running` is touched only on the loop's
/// own thread, which the methods check.
public final class EventLoop: @unchecked Sendable {
  public let name: String
  private let epoll: FileDescriptor
  private let wakeup: FileDescriptor
  private let inbox = Mutex<[@Sendable () -> Void]>([])
  private let stopping = Atomic<Bool>(false)
  private let threadID = Atomic<Int>(0)

  private var watchers: [Int32: Watcher] = [:]
  private var timers = TimerHeap<() -> Void>()
  private var nextSerial: UInt32 = 1

  private struct Watcher {
    /// Tells events of an earlier user of the same descriptor number from ours.
    var serial: UInt32
    var handler: (Readiness) -> Void
  }

  public init(name: String) throws {
    self.name = name
    let epollNumber = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epollNumber >= 0 else { throw SystemError("epoll_create1") }
    epoll = FileDescriptor(owning: epollNumber)
    let wakeupNumber = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    guard wakeupNumber >= 0 else { throw SystemError("eventfd") }
    wakeup = FileDescriptor(owning: wakeupNumber)
    guard throng_epoll_ctl(epollNumber, EPOLL_CTL_ADD, wakeupNumber, THRONG_EPOLLIN, 0) == 0 else {
      throw SystemError("epoll_ctl ADD wakeup")
    }
  }

  /// Whether the caller is on the loop's thread.
  public var isCurrent: Bool { threadID.load(ordering: .relaxed) == Self.currentThread }

  private static var currentThread: Int { Int(pthread_self()) }

  /// Runs the loop on a thread of its own.
  public func start() {
    let thread = Thread { self.run() }
    thread.name = String(name.prefix(15))
    thread.stackSize = 1 << 20
    thread.start()
  }

  /// Runs the loop on the calling thread until `stop()`.
  public func run() {
    threadID.store(Self.currentThread, ordering: .relaxed)
    var events = [epoll_event](repeating: epoll_event(), count: 256)
    while !stopping.load(ordering: .acquiring) {
      let count = epoll_wait(epoll.number, &events, Int32(events.count), waitMilliseconds())
      if count > 0 {
        for index in 0..<Int(count) { dispatch(&events[index]) }
      }
      runTimers()
      runInbox()
    }
    runInbox()
  }

  /// Ends `run()` after what has been sent so far. From any thread.
  public func stop() { execute { self.stopping.store(true, ordering: .releasing) } }

  /// Runs `body` on the loop, soon. From any thread.
  public func execute(_ body: @escaping @Sendable () -> Void) {
    let wasEmpty = inbox.withLock { queue in
      queue.append(body)
      return queue.count == 1
    }
    if wasEmpty { wake() }
  }

  /// Runs `body` on the loop and waits for it; at once when already there.
  public func sync<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) throws
    -> Result
  {
    if isCurrent { return try body() }
    let done = DispatchSemaphore(value: 0)
    let outcome = Mutex<Swift.Result<Result, any Error>?>(nil)
    execute {
      let result = Swift.Result { try body() }
      outcome.withLock { $0 = result }
      done.signal()
    }
    done.wait()
    guard let result = outcome.withLock({ $0 }) else {
      preconditionFailure("the loop signalled without a result")
    }
    return try result.get()
  }

  /// Whether the loop runs what it is sent within `seconds`. From another thread.
  public func responds(withinSeconds seconds: Double) -> Bool {
    let done = DispatchSemaphore(value: 0)
    execute { done.signal() }
    return done.wait(timeout: .now() + seconds) == .success
  }

  // MARK: on the loop

  /// Calls `handler` whenever `fd` is ready. One watcher per descriptor.
  public func watch(
    _ fd: Int32, _ interest: Interest, _ handler: @escaping (Readiness) -> Void
  ) throws {
    let serial = nextSerial
    nextSerial &+= 1
    guard
      throng_epoll_ctl(
        epoll.number, EPOLL_CTL_ADD, fd, Self.mask(interest), Self.tag(fd, serial)) == 0
    else { throw SystemError("epoll_ctl ADD") }
    watchers[fd] = Watcher(serial: serial, handler: handler)
  }

  /// Changes what a watched descriptor waits for.
  public func rewatch(_ fd: Int32, _ interest: Interest) {
    guard let watcher = watchers[fd] else { return }
    _ = throng_epoll_ctl(
      epoll.number, EPOLL_CTL_MOD, fd, Self.mask(interest), Self.tag(fd, watcher.serial))
  }

  /// Must come before the descriptor is closed.
  public func unwatch(_ fd: Int32) {
    guard watchers.removeValue(forKey: fd) != nil else { return }
    _ = throng_epoll_ctl(epoll.number, EPOLL_CTL_DEL, fd, 0, 0)
  }

  /// Calls `body` once, at least `afterNanos` from now.
  @discardableResult
  public func schedule(afterNanos: Int64, _ body: @escaping () -> Void) -> TimerID {
    timers.insert(deadline: Clock.monotonicNanos().plus(max(0, afterNanos)), body)
  }

  public func cancel(_ timer: TimerID) { timers.cancel(timer) }

  // MARK: inside

  private func wake() {
    var one: UInt64 = 1
    _ = write(wakeup.number, &one, 8)
  }

  private func waitMilliseconds() -> Int32 {
    guard let deadline = timers.nextDeadline() else { return -1 }
    let nanos = deadline - Clock.monotonicNanos()
    guard nanos > 0 else { return 0 }
    // Rounded up: waking early would spin until the deadline.
    return Int32(clamping: (nanos + 999_999) / 1_000_000)
  }

  private func dispatch(_ event: inout epoll_event) {
    let data = throng_epoll_data(&event)
    guard data != 0 else {
      var count: UInt64 = 0
      _ = read(wakeup.number, &count, 8)
      return
    }
    let fd = Int32(truncatingIfNeeded: data & 0xffff_ffff)
    guard let watcher = watchers[fd], watcher.serial == UInt32(data >> 32) else { return }
    let bits = throng_epoll_events(&event)
    var readiness: Readiness = []
    if bits & THRONG_EPOLLIN != 0 { readiness.insert(.read) }
    if bits & THRONG_EPOLLOUT != 0 { readiness.insert(.write) }
    if bits & (THRONG_EPOLLERR | THRONG_EPOLLHUP) != 0 { readiness.insert(.closed) }
    watcher.handler(readiness)
  }

  private func runTimers() {
    // Time is taken once: a timer that sets itself anew for at once must not starve the rest.
    let now = Clock.monotonicNanos()
    while let body = timers.popDue(now: now) { body() }
  }

  private func runInbox() {
    let queue = inbox.withLock { queue in
      let taken = queue
      queue = []
      return taken
    }
    for body in queue { body() }
  }

  private static func mask(_ interest: Interest) -> UInt32 {
    var bits: UInt32 = 0
    if interest.contains(.read) { bits |= THRONG_EPOLLIN }
    if interest.contains(.write) { bits |= THRONG_EPOLLOUT }
    return bits
  }

  private static func tag(_ fd: Int32, _ serial: UInt32) -> UInt64 {
    UInt64(serial) << 32 | UInt64(UInt32(bitPattern: fd))
  }
}
