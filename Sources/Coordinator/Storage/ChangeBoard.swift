import Shared
import Synchronization

/// Tells whoever watches an execution that something of it has changed in the store, so that
/// nobody needs to ask the store all the time. From any thread.
public final class ChangeBoard: Sendable {
  public struct Kinds: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The execution itself, its regions and chunks; that it was deleted.
    public static let records = Kinds(rawValue: 1)
    public static let logs = Kinds(rawValue: 2)
    /// Batches of results, several times a second while a test runs.
    public static let results = Kinds(rawValue: 4)
  }

  /// Must return at once, and not use the store: writers wait for it.
  public typealias Handler = @Sendable (Kinds) -> Void

  /// Keeps a handler for as long as somebody holds it.
  final class Watch: Sendable {
    private let board: ChangeBoard
    private let execution: ExecutionID
    private let number: Int

    fileprivate init(_ board: ChangeBoard, _ execution: ExecutionID, _ number: Int) {
      self.board = board
      self.execution = execution
      self.number = number
    }

    deinit { board.end(execution, number) }
  }

  private struct State {
    var handlers: [ExecutionID: [Int: Handler]] = [:]
    var nextNumber = 0
  }

  private let state = Mutex(State())

  init() {}

  /// To be called after the commit.
  public func changed(_ execution: ExecutionID, _ kinds: Kinds) {
    let handlers = state.withLock { $0.handlers[execution].map { Array($0.values) } }
    for handler in handlers ?? [] { handler(kinds) }
  }

  /// Calls `handler` at every change from now on, until the result is let go of.
  func watch(_ execution: ExecutionID, _ handler: @escaping Handler) -> Watch {
    let number = state.withLock { state in
      state.nextNumber += 1
      state.handlers[execution, default: [:]][state.nextNumber] = handler
      return state.nextNumber
    }
    return Watch(self, execution, number)
  }

  private func end(_ execution: ExecutionID, _ number: Int) {
    state.withLock { state in
      state.handlers[execution]?[number] = nil
      if state.handlers[execution]?.isEmpty ?? false { state.handlers[execution] = nil }
    }
  }
}
