// What runs ask of the coordinator because only it sees all agents, and its answers.

/// A question that a run asks. One that is repeated, with the same id, is answered the same.
public enum AgentQuestion: Codable, Sendable, Hashable {
  /// When have all clients of the execution arrived? Rounds count from 0 per name; `arrived` is
  /// how many clients of the asker wait in this round now: one that ends while it waits no
  /// longer counts.
  case barrier(name: String, round: Int, arrived: Int)
  /// What is the value of a metric now, over all agents?
  case metric(namespace: String, name: String, resource: String?)
  /// The next rows of a data table that no client of the execution has had. At its end they
  /// begin anew when `recycle` is set. More than `count` may come.
  case rows(table: String, count: Int, recycle: Bool)
  /// Rows of a data table from `index` on, counted from 0. Fewer than `count` may come.
  case row(table: String, index: Int, count: Int)
  /// What does the data table of this name look like?
  case table(name: String)
}

/// What a question comes to.
public enum AgentAnswer: Codable, Sendable, Equatable {
  /// All clients have arrived.
  case released
  /// The metric as JSON, as the API shows it; nil when nothing was recorded yet.
  case metric(json: String?)
  /// Rows from the index `first` on, a text for each column. `end` says that there was none
  /// left: then there are no rows.
  case rows(first: Int, rows: [[String]], end: Bool)
  case table(columns: [String], rows: Int)
  /// It cannot be answered; the text says why.
  case failed(String)
}

/// A run asks. Said again on every new link until it is answered.
public struct AskMessage: Codable, Sendable, Equatable {
  public var type = "ask"
  public var chunk: ChunkID
  public var epoch: Int
  /// Number of the question within the run.
  public var id: Int64
  public var question: AgentQuestion

  public init(chunk: ChunkID, epoch: Int, id: Int64, question: AgentQuestion) {
    self.chunk = chunk
    self.epoch = epoch
    self.id = id
    self.question = question
  }
}

/// The coordinator answers a question: with a result, or an error that says why there is none.
public struct AnswerMessage: Codable, Sendable, Equatable {
  public var type = "answer"
  public var chunk: ChunkID
  public var epoch: Int
  public var id: Int64
  public var result: AgentAnswer?
  public var error: String?

  public init(chunk: ChunkID, epoch: Int, id: Int64, answer: AgentAnswer) {
    self.chunk = chunk
    self.epoch = epoch
    self.id = id
    if case .failed(let text) = answer {
      error = text
    } else {
      result = answer
    }
  }

  public var answer: AgentAnswer { result ?? .failed(error ?? "the answer is empty") }
}

/// An operator's event for every client that runs. Said again to runs whose link was down.
public struct EventMessage: Codable, Sendable, Equatable {
  public var type = "event"
  public var chunk: ChunkID
  public var epoch: Int
  /// Counts the events of the execution from 1; ids on one link only grow.
  public var eventId: Int64
  public var name: String
  /// A JSON text.
  public var contents: String

  public init(chunk: ChunkID, epoch: Int, eventId: Int64, name: String, contents: String) {
    self.chunk = chunk
    self.epoch = epoch
    self.eventId = eventId
    self.name = name
    self.contents = contents
  }
}
