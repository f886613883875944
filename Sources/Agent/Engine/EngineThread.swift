import CCurl
import CLinux
import Foundation
import Glibc
import Shared
import Synchronization

/// What an engine thread tells the control thread.
enum EngineEvent: Sendable {
  /// The clients of this thread are initialised, or cannot be.
  case prepared(LeaseKey, problem: String?)
  case batch(LeaseKey, ResultBatch)
  /// Clients that are active, the most that were since this was last said, and iterations
  /// finished, on this thread.
  case progress(LeaseKey, active: Int, mostActive: Int, iterations: Int64, lagNanos: Int64)
  /// A script wants the whole test ended.
  case abort(LeaseKey, message: String)
  /// All clients of this thread have ended under the goal of this version, and all that they
  /// recorded has been handed on.
  ///
  /// `atMicros` is when, on the coordinator's clock; 0 when it has not begun.
  case ended(LeaseKey, goalVersion: Int, atMicros: Int64)
  /// A client asks the coordinator; `id` numbers the questions of this thread. Asking again
  /// changes the arrivals at a barrier: whoever ends while waiting must be taken off them.
  case ask(LeaseKey, id: Int64, AgentQuestion)
  /// So many clients of this thread have ended, in all.
  case clientsEnded(LeaseKey, count: Int)
}

/// One thread with its own epoll, libcurl multi handle and clients; shares nothing with others.
///
/// `@unchecked Sendable`: everything but `inbox` and `wakeup` is touched only on its own thread.
final class EngineThread: @unchecked Sendable {
  private static let progressNanos: Int64 = 1_000_000_000
  /// Operations of `Code` scripts that go on in one turn, before others get theirs: timers may
  /// make new ones faster than they can be served.
  private static let codeWakesPerTurnMax = 1_000

  let index: Int
  let multi: UnsafeMutableRawPointer
  var sockets: SocketTable
  var runs: [LeaseKey: EngineRun] = [:]
  /// Users that go on at a time, with the ticket that makes it still true.
  var timers = DeadlineHeap<(user: VirtualUser, ticket: UInt32)>()
  /// Users that go on in the next turn.
  var ready: [(user: VirtualUser, ticket: UInt32)] = []
  var lookups = HostLookups<(exchange: Exchange, ticket: UInt32)>()
  /// Exchanges whose host name has been looked up for another, for the next turn.
  var lookedUp: [(exchange: Exchange, ticket: UInt32)] = []
  /// When operations of `Code` scripts are due.
  var codeTimers = CodeTimers()
  /// Made when the first `Code` script is loaded, and kept: its compiled code is of use again.
  var javaScript: JavaScriptEngine {
    if let madeJavaScript { return madeJavaScript }
    let made = JavaScriptEngine()
    madeJavaScript = made
    return made
  }
  private var madeJavaScript: JavaScriptEngine?
  /// Whether clients have let go of exchanges since memory was last given back: that takes long,
  /// and is not done for each iteration.
  var hasLetGo = false
  /// Number of the last connection that a `Code` script was told of.
  var peersMet: Int32 = 0
  /// Monotonic time of this turn, nanoseconds.
  var now: Int64 = 0
  /// Boot time of this turn, nanoseconds.
  var bootNow: Int64 = 0
  let report: @Sendable (Int, EngineEvent) -> Void
  let memory: MemoryGate
  /// For other threads to see whether this one works.
  let pulse = ThreadPulse()

  private let epoll: FileDescriptor
  private let wakeup: FileDescriptor
  private let inbox = Mutex<[@Sendable (EngineThread) -> Void]>([])
  /// When libcurl wants to be called, or nil.
  private var curlNanos: Int64?
  private var nextProgressNanos: Int64 = 0
  private var lagNanosMax: Int64 = 0
  private var isStopped = false

  init(
    index: Int, memory: MemoryGate = MemoryGate(),
    report: @escaping @Sendable (Int, EngineEvent) -> Void
  ) throws {
    self.index = index
    self.memory = memory
    self.report = report
    // Locale-free and once per process: libcurl keeps count itself.
    curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    guard let multi = curl_multi_init() else { throw SystemError("curl_multi_init", code: ENOMEM) }
    self.multi = multi
    let epollNumber = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epollNumber >= 0 else { throw SystemError("epoll_create1") }
    epoll = FileDescriptor(owning: epollNumber)
    let wakeupNumber = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    guard wakeupNumber >= 0 else { throw SystemError("eventfd") }
    wakeup = FileDescriptor(owning: wakeupNumber)
    sockets = SocketTable(epoll: epollNumber)
    guard
      throng_epoll_ctl(
        epollNumber, EPOLL_CTL_ADD, wakeupNumber, THRONG_EPOLLIN, UInt64(UInt32.max)) == 0
    else { throw SystemError("epoll_ctl ADD wakeup") }
  }

  func start() {
    let me = Unmanaged.passUnretained(self).toOpaque()
    throng_multi_set_socket(multi, socketWanted, me)
    throng_multi_set_timer(multi, timerWanted, me)
    let thread = Thread { self.loop() }
    thread.name = "engine-\(index)"
    // Scripts recurse: JavaScriptCore wants room, and says so in time when it is used up.
    thread.stackSize = 4 << 20
    thread.start()
  }

  /// Runs `body` on the thread, soon. From any thread.
  func execute(_ body: @escaping @Sendable (EngineThread) -> Void) {
    let wasEmpty = inbox.withLock { queue in
      queue.append(body)
      return queue.count == 1
    }
    guard wasEmpty else { return }
    var one: UInt64 = 1
    _ = write(wakeup.number, &one, 8)
  }

  func stop() { execute { $0.isStopped = true } }

  /// Gives back what scripts have let go of.
  func collectGarbage() {
    madeJavaScript?.collectGarbage()
    giveMemoryBack()
  }

  private func giveMemoryBack() {
    hasLetGo = false
    throng_give_memory_back()
  }

  // MARK: the loop

  private func loop() {
    var events = [epoll_event](repeating: epoll_event(), count: 512)
    readClocks()
    while !isStopped {
      pulse.waits()
      let count = wait(&events)
      pulse.works()
      readClocks()
      let turnStart = now
      for index in 0..<max(0, count) { handle(&events[index]) }
      runCurlTimer()
      finishExchanges()
      goOn()
      // Exchanges that were just begun: libcurl asks to be called at once.
      runCurlTimer()
      finishExchanges()
      keepHouse()
      lagNanosMax = max(lagNanosMax, Clock.monotonicNanos() - turnStart)
    }
    // Transfers go while the multi handle and this engine, which they call back, are whole.
    for key in Array(runs.keys) { forget(key) }
    pulse.waits()
    timers = DeadlineHeap()
    codeTimers = CodeTimers()
    ready = []
    lookedUp = []
    curl_multi_cleanup(multi)
  }

  private func readClocks() {
    now = Clock.monotonicNanos()
    bootNow = Clock.boottimeNanos()
  }

  private func wait(_ events: inout [epoll_event]) -> Int {
    var next = ready.isEmpty && lookedUp.isEmpty ? nextProgressNanos : now
    if runs.isEmpty { next = .max }
    next = min(
      next, curlNanos ?? .max, timers.nextDeadline ?? .max, codeTimers.nextDeadline ?? .max)
    for run in runs.values {
      next = min(next, run.recorder.dueNanos ?? .max, run.cutNanos ?? .max, run.loadNanos)
    }
    if next == .max { return Int(epoll_wait(epoll.number, &events, Int32(events.count), -1)) }
    // From the present, not from the turn's start: the turn may have taken a while.
    let left = max(0, next - Clock.monotonicNanos())
    var timeout = timespec()
    timeout.tv_sec = Int(left / 1_000_000_000)
    timeout.tv_nsec = Int(left % 1_000_000_000)
    return Int(epoll_pwait2(epoll.number, &events, Int32(events.count), &timeout, nil))
  }

  private func handle(_ event: inout epoll_event) {
    let data = throng_epoll_data(&event)
    guard data != UInt64(UInt32.max) else {
      var count: UInt64 = 0
      _ = read(wakeup.number, &count, 8)
      let queue = inbox.withLock { queue in
        let taken = queue
        queue = []
        return taken
      }
      for body in queue {
        pulse.beat()
        body(self)
      }
      return
    }
    let fd = Int32(truncatingIfNeeded: data)
    guard sockets.isWanted(fd) else { return }
    let bits = throng_epoll_events(&event)
    var mask: Int32 = 0
    if bits & THRONG_EPOLLIN != 0 { mask |= Int32(CURL_CSELECT_IN) }
    if bits & THRONG_EPOLLOUT != 0 { mask |= Int32(CURL_CSELECT_OUT) }
    if bits & (THRONG_EPOLLERR | THRONG_EPOLLHUP) != 0 { mask |= Int32(CURL_CSELECT_ERR) }
    var running: Int32 = 0
    curl_multi_socket_action(multi, fd, mask, &running)
  }

  private func runCurlTimer() {
    // Bounded: exchanges that fail at once and are begun anew must not hold the loop.
    for _ in 0..<4 {
      guard let due = curlNanos, due <= now else { return }
      curlNanos = nil
      var running: Int32 = 0
      curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running)
    }
  }

  private func finishExchanges() {
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else {
        continue
      }
      // The message is void once its handle is removed.
      let code = throng_message_result(message)
      guard let owner = throng_get_private(easy) else { continue }
      let exchange = Unmanaged<Exchange>.fromOpaque(owner).takeUnretainedValue()
      exchange.transfer?.noteEnd(code)
      curl_multi_remove_handle(multi, easy)
      exchangeFinished(exchange, code: code)
    }
  }

  /// Lets users go on whose time has come.
  private func goOn() {
    for run in runs.values { keepUp(run) }
    while let (user, ticket) = timers.popDue(now: now) {
      if user.ticket == ticket { wake(user) }
    }
    // As of the turn's start: scripts that go on move the clock, and may ask for more at once.
    let turn = now
    for _ in 0..<Self.codeWakesPerTurnMax {
      guard let due = codeTimers.popDue(now: turn) else { break }
      wake(due)
    }
    let resolved = lookedUp
    lookedUp = []
    for (exchange, ticket) in resolved where exchange.ticket == ticket {
      sendAfterLookup(exchange)
    }
    guard !ready.isEmpty else { return }
    let batch = ready
    ready = []
    for (user, ticket) in batch where user.ticket == ticket { wake(user) }
  }

  private func keepHouse() {
    for run in runs.values {
      if let cut = run.cutNanos, cut <= now { self.cut(run) }
      if run.recorder.isDue(now: now) { handOn(run) }
      tellArrivals(of: run)
      if run.endedReported != run.ended {
        run.endedReported = run.ended
        report(index, .clientsEnded(run.key, count: run.ended))
      }
    }
    guard now >= nextProgressNanos else { return }
    nextProgressNanos = now + Self.progressNanos
    for run in runs.values {
      endParked(of: run)
      reportProgress(run)
    }
    lagNanosMax = 0
    if hasLetGo { giveMemoryBack() }
  }

  func reportProgress(_ run: EngineRun) {
    report(
      index,
      .progress(
        run.key, active: run.active, mostActive: run.mostActive, iterations: run.iterations,
        lagNanos: lagNanosMax))
    run.mostActive = run.active
  }

  /// - Parameter isEnd: whether the run is over: what was counted is said then.
  func handOn(_ run: EngineRun, isEnd: Bool = false) {
    run.keepHeldTrace(now: now, isEnd: isEnd)
    run.recorder.closeWindows(atMicros: run.micros(at: now), now: now, isEnd: isEnd)
    var isAny = false
    while let batch = run.recorder.takeBatch() {
      isAny = true
      report(index, .batch(run.key, batch))
    }
    guard isAny else { return }
    // Told along with results, so that those who watch see users and requests of one moment.
    reportProgress(run)
  }

  // MARK: libcurl's callbacks

  fileprivate func socket(_ fd: Int32, wants what: Int32) {
    switch what {
    case Int32(CURL_POLL_IN): sockets.want(fd, THRONG_EPOLLIN)
    case Int32(CURL_POLL_OUT): sockets.want(fd, THRONG_EPOLLOUT)
    case Int32(CURL_POLL_INOUT): sockets.want(fd, THRONG_EPOLLIN | THRONG_EPOLLOUT)
    default: sockets.want(fd, 0)
    }
  }

  /// The timer is honoured by its absolute time: counted anew from every later turn it would
  /// come too late, and throughput would fall fourfold.
  fileprivate func timer(milliseconds: Int) {
    guard milliseconds >= 0 else { return curlNanos = nil }
    curlNanos = milliseconds == 0 ? now : Clock.monotonicNanos() + Int64(milliseconds) * 1_000_000
  }
}

private func socketWanted(
  _ easy: UnsafeMutableRawPointer?, _ fd: curl_socket_t, _ what: Int32,
  _ context: UnsafeMutableRawPointer?, _ socketContext: UnsafeMutableRawPointer?
) -> Int32 {
  guard let context else { return 0 }
  Unmanaged<EngineThread>.fromOpaque(context).takeUnretainedValue().socket(fd, wants: what)
  return 0
}

private func timerWanted(
  _ multi: UnsafeMutableRawPointer?, _ milliseconds: Int, _ context: UnsafeMutableRawPointer?
) -> Int32 {
  guard let context else { return 0 }
  Unmanaged<EngineThread>.fromOpaque(context).takeUnretainedValue()
    .timer(milliseconds: milliseconds)
  return 0
}
