import Foundation
import Shared
import Synchronization

/// Makes the pieces of a streamed answer on worker threads, at most one ahead of what is sent.
/// The connection is suspended while there is nothing to send, so that neither a slow piece nor a
/// slow client takes the time of others.
final class StreamPump: Sendable {
  /// Bytes that are put together before they are sent, as far as they come within the time.
  private static let pieceBytes = 64 << 10
  private static let pieceNanos: Int64 = 20_000_000

  enum End { case complete, cut }

  /// What the connection's thread is told.
  enum Reading: Equatable { case bytes(Int), later, complete, cut }

  /// What the first piece came to.
  enum Beginning {
    case whole([UInt8])
    case failed(any Error)
    case more
  }

  private enum Outcome {
    case more, complete
    case later(nanos: Int64)
    case failed(any Error)
  }

  /// `@unchecked Sendable`: the pump's lock sees to it that one worker at a time has the stream.
  private struct Source: @unchecked Sendable { let stream: BodyStream }

  private struct State {
    /// Nil once it is over.
    var source: Source?
    /// What is being sent, and how much of it is.
    var piece: [UInt8] = []
    var sent = 0
    /// Made ahead.
    var next: [UInt8]?
    var end: End?
    /// Whether a worker makes a piece, or is about to.
    var isWorking = false
    /// Whether it is worth asking the source.
    var isDue = true
    var isSuspended = false
    /// The earliest timer that will wake this, of the monotonic clock.
    var timerAt: Int64?
  }

  let isLive: Bool
  /// Not for HEAD.
  let hasBody: Bool
  private let connection: HTTPConnection
  private let gate: ConnectionGate
  private let workers: WorkPool
  private let state: Mutex<State>

  /// - Parameter stream: nil for an answer whose body is not sent.
  init(
    _ stream: BodyStream?, to connection: HTTPConnection, gate: ConnectionGate, workers: WorkPool
  ) {
    isLive = stream?.waker != nil
    hasBody = stream != nil
    self.connection = connection
    self.gate = gate
    self.workers = workers
    state = Mutex(State(source: stream.map { Source(stream: $0) }))
    stream?.waker?.onWake { [weak self] in self?.wake() }
    gate.add(self)
  }

  // MARK: for workers

  /// Makes the first piece, before the answer is sent. On a worker.
  func begin() -> Beginning {
    let source = state.withLock { state in
      state.isWorking = true
      state.isDue = false
      return state.source
    }
    guard let source else { return .more }
    let (made, outcome) = Self.make(source.stream)
    switch outcome {
    case .failed(let error) where made.isEmpty: return .failed(error)
    case .complete: return .whole(made)
    case .failed, .more, .later:
      settle(made, outcome)
      return .more
    }
  }

  private func work() {
    let source = state.withLock { state in
      state.isDue = false
      return state.source
    }
    guard let source else { return settle([], .complete) }
    let (made, outcome) = Self.make(source.stream)
    settle(made, outcome)
  }

  private static func make(_ stream: BodyStream) -> ([UInt8], Outcome) {
    var made: [UInt8] = []
    let deadline = Clock.monotonicNanos() + pieceNanos
    do {
      while made.count < pieceBytes {
        switch try stream.next() {
        case .piece(let bytes):
          if made.isEmpty { made = bytes } else { made += bytes }
          if Clock.monotonicNanos() > deadline { return (made, .more) }
        case .later(let nanos): return (made, .later(nanos: nanos))
        case .end: return (made, .complete)
        }
      }
      return (made, .more)
    } catch {
      return (made, .failed(error))
    }
  }

  private func settle(_ made: [UInt8], _ outcome: Outcome) {
    let (resumes, released) = state.withLock { state in
      state.isWorking = false
      if !made.isEmpty { state.next = made }
      switch outcome {
      case .more: state.isDue = true
      case .later(let nanos): wake(&state, at: nanos)
      case .complete: state.end = state.end ?? .complete
      case .failed: state.end = .cut
      }
      if gate.isStopping { state.end = state.end ?? stopped }
      let released = state.end == nil ? nil : state.source.take()
      workIfUseful(&state)
      return (takeSuspension(&state), released)
    }
    if case .failed(let error) = outcome {
      Logger("coordinator.http").error("answer cut off", ["error": "\(error)"])
    }
    if resumes { connection.resume() }
    // Let go of outside of the lock.
    withExtendedLifetime(released) {}
  }

  /// How this ends when the server stops: what is live can end at any time.
  private var stopped: End { isLive ? .complete : .cut }

  private func workIfUseful(_ state: inout State) {
    guard state.source != nil, state.end == nil, state.isDue, !state.isWorking, state.next == nil,
      !gate.isStopping
    else { return }
    state.isWorking = true
    workers.submit { self.work() }
  }

  private func takeSuspension(_ state: inout State) -> Bool {
    guard state.isSuspended, state.next != nil || state.end != nil else { return false }
    state.isSuspended = false
    return true
  }

  // MARK: for whoever has news

  private func wake() {
    state.withLock { state in
      state.isDue = true
      workIfUseful(&state)
    }
  }

  private func wake(_ state: inout State, at nanos: Int64) {
    if let timerAt = state.timerAt, timerAt <= nanos { return }
    state.timerAt = nanos
    let delay = Int(max(0, nanos - Clock.monotonicNanos()))
    DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(delay)) { [weak self] in
      self?.timerFired(nanos)
    }
  }

  private func timerFired(_ nanos: Int64) {
    state.withLock { if $0.timerAt == nanos { $0.timerAt = nil } }
    wake()
  }

  // MARK: for the connection's thread

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Reading {
    state.withLock { state in
      if state.sent == state.piece.count, let next = state.next.take() {
        state.piece = next
        state.sent = 0
      }
      workIfUseful(&state)
      let count = min(buffer.count, state.piece.count - state.sent)
      if count > 0 {
        state.piece.withUnsafeBytes { bytes in
          buffer.copyMemory(
            from: UnsafeRawBufferPointer(rebasing: bytes[state.sent..<state.sent + count]))
        }
        state.sent += count
        return .bytes(count)
      }
      switch state.end {
      case .complete: return .complete
      case .cut: return .cut
      case nil: break
      }
      guard gate.suspend(connection) else { return stopped == .complete ? .complete : .cut }
      state.isSuspended = true
      return .later
    }
  }

  /// Nobody reads it any more.
  func abandon() {
    let released = state.withLock { state in
      state.end = .cut
      return state.source.take()
    }
    gate.remove(self)
    withExtendedLifetime(released) {}
  }

  /// The server stops.
  func shutDown() {
    let (resumes, released) = state.withLock { state -> (Bool, Source?) in
      // A worker that is at it ends it.
      guard !state.isWorking else { return (false, nil) }
      state.end = state.end ?? stopped
      return (takeSuspension(&state), state.source.take())
    }
    if resumes { connection.resume() }
    withExtendedLifetime(released) {}
  }
}
