import Foundation
import Synchronization

/// How a live stream is told, by whoever changes what it shows, that it has something to say.
public final class StreamWaker: Sendable {
  private struct State {
    var isAwake = false
    var handler: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  public init() {}

  /// From any thread. Waking a stream that nobody reads yet is not forgotten.
  public func wake() {
    let handler = state.withLock { state in
      if state.handler == nil { state.isAwake = true }
      return state.handler
    }
    handler?()
  }

  /// - Parameter handler: called at every wake, on the waker's thread; must return at once.
  func onWake(_ handler: @escaping @Sendable () -> Void) {
    let isAwake = state.withLock { state in
      state.handler = handler
      defer { state.isAwake = false }
      return state.isAwake
    }
    if isAwake { handler() }
  }
}
