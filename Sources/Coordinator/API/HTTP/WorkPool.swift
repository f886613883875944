import Foundation
import Shared
import Synchronization

/// Threads that do what the threads of connections must not wait for. They come when they are
/// needed, up to a bound; what comes beyond that waits its turn.
final class WorkPool: Sendable {
  typealias Job = @Sendable () -> Void

  private struct State {
    var jobs: [Job] = []
    var threads = 0
    /// Threads that wait and that nobody has woken yet.
    var idle = 0
    var isStopping = false
  }

  private enum Step { case run(Job), sleep, end }

  private let name: String
  private let threadsMax: Int
  private let yields: Bool
  private let state = Mutex(State())
  private let wakeup = DispatchSemaphore(value: 0)
  private let ended = DispatchGroup()

  /// - Parameter yields: whether others go first where the processor is busy.
  init(name: String, threadsMax: Int, yields: Bool = false) {
    self.name = name
    self.threadsMax = threadsMax
    self.yields = yields
  }

  /// Has a job done. Not to be called after `stop`.
  func submit(_ job: @escaping Job) {
    let needsThread = state.withLock { state in
      state.jobs.append(job)
      if state.idle > 0 {
        state.idle -= 1
        wakeup.signal()
      } else if state.threads < threadsMax {
        state.threads += 1
        ended.enter()
        return true
      }
      return false
    }
    guard needsThread else { return }
    let thread = Thread { [self] in
      if yields { ThreadPriority.yieldToOthers() }
      run()
      ended.leave()
    }
    thread.name = name
    // As much as a main thread has: handlers parse what nests deeply.
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Jobs that wait for a thread.
  var waiting: Int { state.withLock { $0.jobs.count } }

  /// Returns once every job is done and every thread has ended.
  func stop() {
    state.withLock { state in
      state.isStopping = true
      for _ in 0..<state.idle { wakeup.signal() }
      state.idle = 0
    }
    ended.wait()
  }

  private func run() {
    while true {
      switch state.withLock({ Self.next(&$0) }) {
      case .run(let job): job()
      case .sleep: wakeup.wait()
      case .end: return
      }
    }
  }

  private static func next(_ state: inout State) -> Step {
    if !state.jobs.isEmpty { return .run(state.jobs.removeFirst()) }
    if state.isStopping { return .end }
    state.idle += 1
    return .sleep
  }
}
