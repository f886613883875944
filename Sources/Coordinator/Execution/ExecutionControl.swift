import Shared

/// Why a request to the controller was not carried out.
public enum ControlError: Error, Sendable {
  /// There is no such thing; the text names it.
  case notFound(String)
  /// It is not in a state that allows this; the text says which and why.
  case conflict(String)
  /// There was too much of it lately; the text says of what.
  case tooMany(String)
  case invalid([FieldError])

  /// What is wrong, in words.
  var text: String {
    switch self {
    case .notFound(let text), .conflict(let text), .tooMany(let text): text
    case .invalid(let errors): ValidationError(errors: errors).description
    }
  }
}

/// What an operator may extend a running execution to.
public enum Extension: Sendable, Equatable {
  /// Iterations per client, or of all clients where they share a number; at least 1.
  case iterations(Int)
  /// Seconds from the start, above 0.
  case durationSecs(Double)
}

/// An agent as the controller sees it now.
public struct AgentStatus: Sendable {
  public enum State: String, Sendable { case connected, draining, disconnected }
  public var record: AgentRecord
  public var state: State
  /// Clients of the chunks that it holds.
  public var clients: Int
  public var health: AgentHealth?

  public init(record: AgentRecord, state: State, clients: Int, health: AgentHealth?) {
    self.record = record
    self.state = state
    self.clients = clients
    self.health = health
  }
}

/// What the API asks of the running coordinator. From any thread; every call returns after the
/// change is stored.
public protocol ExecutionControl: Sendable {
  /// Creates an execution and begins to allocate it.
  func create(_ configuration: TestConfigurationID) throws -> ExecutionID
  /// Begins an execution that waits for its manual start; nothing when it has begun already.
  func start(_ execution: ExecutionID) throws
  func stop(_ execution: ExecutionID) throws
  func extend(_ execution: ExecutionID, to goal: Extension) throws
  /// Deletes a completed execution and everything of it.
  func delete(_ execution: ExecutionID) throws
  /// Sends an event to every client that runs; `contents` is a JSON text. Returns its number
  /// within the execution.
  func sendEvent(_ execution: ExecutionID, name: String, contents: String) throws -> Int64
  func agents() throws -> [AgentStatus]
  func load() throws -> ControlLoad
}
