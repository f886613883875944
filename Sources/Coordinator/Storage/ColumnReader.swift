import Shared
import Synchronization

/// Reads columns that hold JSON. What cannot be read, because a disk or a person has damaged it,
/// is left at a standard value and named: one bad record must not keep others from being read.
struct ColumnReader {
  /// Why a column cannot be read, beside that it is no such JSON.
  struct Damage: Error, CustomStringConvertible { var description: String }

  private let table: String
  private let id: Int64
  /// Columns that could not be read.
  private(set) var unreadable: [String] = []

  init(table: String, id: Int64) {
    self.table = table
    self.id = id
  }

  mutating func value<Value>(
    _ column: String, standard: @autoclosure () -> Value, _ read: () throws -> Value
  ) -> Value {
    do {
      return try read()
    } catch {
      unreadable.append(column)
      Self.name("\(table) \(id), column \(column)", error)
      return standard()
    }
  }

  mutating func goal(iterations: Int?, durationSecs: Double?, load: String?) -> LoadGoal {
    value("load", standard: LoadGoal()) {
      let goal = try LoadGoal(
        storedIterations: iterations, durationSecs: durationSecs, load: load)
      if let problem = goal.numberProblem { throw Damage(description: problem) }
      return goal
    }
  }

  mutating func http(_ text: String) -> HTTPSettings {
    value("http", standard: HTTPSettings()) {
      let settings = try StoredJSON.value(HTTPSettings.self, text)
      if let problem = settings.numberProblem { throw Damage(description: problem) }
      return settings
    }
  }

  mutating func tracing(_ text: String?) -> TraceSettings {
    value("tracing", standard: TraceSettings()) {
      let settings = try TraceSettings(stored: text)
      if let problem = settings.numberProblem { throw Damage(description: problem) }
      return settings
    }
  }

  mutating func limits<Limit: Decodable>(_ text: String?) -> [Limit] {
    value("limits", standard: []) {
      try text.map { try StoredJSON.value([Limit].self, $0) } ?? []
    }
  }

  // MARK: naming

  /// Records are read again and again, and named once; of very many only the first.
  private static let named = Mutex<Set<String>>([])
  private static let namedMax = 1_000

  private static func name(_ place: String, _ error: any Error) {
    let isNew = named.withLock { named in
      named.count < namedMax && named.insert(place).inserted
    }
    guard isNew else { return }
    Logger("store").error("cannot read what is stored", ["place": place, "error": "\(error)"])
  }
}
