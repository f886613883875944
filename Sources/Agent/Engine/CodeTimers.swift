import Shared

/// An operation of a `Code` script that is due.
struct CodeWake {
  var user: VirtualUser
  var operation: Int32
  /// Of the user: what is left of an earlier iteration has no say.
  var iteration: Int
  /// For a request that could not be sent.
  var response: ScriptResponse?
  /// For a question.
  var answer: CodeAnswer?

  init(
    user: VirtualUser, operation: Int32, response: ScriptResponse? = nil,
    answer: CodeAnswer? = nil
  ) {
    self.user = user
    self.operation = operation
    iteration = user.iterationsFinished
    self.response = response
    self.answer = answer
  }

  var isOver: Bool { user.iterationsFinished != iteration }
  var isTimer: Bool { response == nil && answer == nil }
}

/// Operations of `Code` scripts by the time at which they are due. What is not wanted any more
/// stays until then, or until such entries are the greater part.
struct CodeTimers {
  private struct Name: Hashable {
    var user: ObjectIdentifier
    var operation: Int32

    init(_ user: VirtualUser, _ operation: Int32) {
      self.user = ObjectIdentifier(user)
      self.operation = operation
    }

    init(_ wake: CodeWake) { self.init(wake.user, wake.operation) }
  }

  /// Entries without a use below which nothing is tidied up.
  private static let uselessMin = 1_024
  private var heap = DeadlineHeap<CodeWake>()
  /// Timers that scripts have taken back; each is in the heap.
  private var cancelled: Set<Name> = []
  /// Timers at most of iterations that were ended by force.
  private var left = 0

  var count: Int { heap.count }
  var nextDeadline: Int64? { heap.nextDeadline }

  mutating func insert(_ nanos: Int64, _ wake: CodeWake) {
    if wake.isTimer { wake.user.timers += 1 }
    heap.insert(nanos, wake)
  }

  /// A script takes back a timer that is not due yet.
  mutating func cancel(_ user: VirtualUser, _ operation: Int32) {
    user.timers -= 1
    cancelled.insert(Name(user, operation))
    tidy()
  }

  /// The iteration of a user was ended by force.
  mutating func abandoned(_ user: VirtualUser) {
    left += user.timers
    user.timers = 0
    tidy()
  }

  /// The next that is due and still wanted.
  mutating func popDue(now: Int64) -> CodeWake? {
    while let wake = heap.popDue(now: now) {
      let isCancelled = !cancelled.isEmpty && cancelled.remove(Name(wake)) != nil
      guard !isCancelled, !wake.isOver else { continue }
      if wake.isTimer { wake.user.timers -= 1 }
      return wake
    }
    return nil
  }

  mutating func removeAll(of run: EngineRun) {
    var cancelled = cancelled
    heap.removeAll { wake in
      guard wake.user.run === run else { return false }
      cancelled.remove(Name(wake))
      return true
    }
    self.cancelled = cancelled
  }

  private mutating func tidy() {
    let useless = cancelled.count + left
    guard useless > Self.uselessMin, useless > heap.count / 2 else { return }
    left = 0
    var cancelled = cancelled
    heap.removeAll { cancelled.remove(Name($0)) != nil || $0.isOver }
    self.cancelled = cancelled
  }
}
