import CSQLite

/// One connection to the SQLite file.
///
/// `@unchecked Sendable`: a connection is used by one thread at a time; `Store` lends it out and
/// takes it back, and nothing else holds one.
public final class Database: @unchecked Sendable {
  private let handle: OpaquePointer
  /// Prepared statements that nobody uses at the moment, by their text.
  private var idle: [String: Statement] = [:]

  /// Opens or creates the file at `path`.
  public init(path: String) throws(DatabaseError) {
    var handle: OpaquePointer?
    // Locks of SQLite's own are not needed: see above.
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    let code = sqlite3_open_v2(path, &handle, flags, nil)
    guard code == SQLITE_OK, let handle else {
      let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close_v2(handle)
      throw DatabaseError(code: code, message: "\(message) (\(path))")
    }
    self.handle = handle
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_busy_timeout(handle, 5_000)
  }

  deinit {
    // Statements go first: a connection with statements would stay open as a zombie.
    idle.removeAll()
    sqlite3_close_v2(handle)
  }

  /// Runs statements without arguments, several at once if need be.
  public func execute(_ script: String) throws(DatabaseError) {
    let code = sqlite3_exec(handle, script, nil, nil, nil)
    guard code == SQLITE_OK else {
      throw DatabaseError(
        code: code, message: String(cString: sqlite3_errmsg(handle)), sql: script)
    }
  }

  /// Runs one statement that answers no rows.
  public func run(_ sql: String, _ arguments: SQLValue...) throws {
    try each(sql, arguments) { _ in }
  }

  /// All rows of the answer.
  public func rows<Element>(
    _ sql: String, _ arguments: SQLValue..., map: (borrowing Row) throws -> Element
  ) throws -> [Element] {
    var elements: [Element] = []
    try each(sql, arguments) { elements.append(try map($0)) }
    return elements
  }

  /// The first row of the answer, nil when there is none.
  public func first<Element>(
    _ sql: String, _ arguments: SQLValue..., map: (borrowing Row) throws -> Element
  ) throws -> Element? {
    let statement = try take(sql)
    defer { giveBack(statement) }
    try statement.bind(arguments)
    guard let row = try statement.step() else { return nil }
    return try map(row)
  }

  /// Calls `body` with every row of the answer.
  public func each(
    _ sql: String, _ arguments: [SQLValue], _ body: (borrowing Row) throws -> Void
  ) throws {
    let statement = try take(sql)
    defer { giveBack(statement) }
    try statement.bind(arguments)
    while let row = try statement.step() { try body(row) }
  }

  /// The row id that the last insert gave.
  public var lastInsertedID: Int64 { sqlite3_last_insert_rowid(handle) }

  /// Rows that the last statement inserted, changed or deleted.
  public var changes: Int { Int(sqlite3_changes(handle)) }

  /// Runs `body` in one transaction and rolls back when it throws.
  public func transaction<Result>(
    immediate: Bool, _ body: (Database) throws -> Result
  ) throws -> Result {
    try run(immediate ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED")
    do {
      let result = try body(self)
      try run("COMMIT")
      return result
    } catch {
      // Some errors, a full disk among them, have rolled back already.
      if sqlite3_get_autocommit(handle) == 0 { try? run("ROLLBACK") }
      throw error
    }
  }

  /// Runs `body`, which must not be within a transaction, without a look at foreign keys.
  func withoutForeignKeys<Result>(_ body: () throws -> Result) throws -> Result {
    try execute("PRAGMA foreign_keys = OFF")
    defer { try? execute("PRAGMA foreign_keys = ON") }
    return try body()
  }

  /// Runs `body`, which must not be within a transaction, without waiting for the disk. What it
  /// commits survives a crash of the process; a loss of power may undo the latest of it, but
  /// nothing that was committed by other means before or after (sqlite.org/pragma.html,
  /// `synchronous = NORMAL` in WAL mode).
  func withoutWaitingForDisk<Result>(_ body: () throws -> Result) throws -> Result {
    try execute("PRAGMA synchronous = NORMAL")
    defer { try? execute("PRAGMA synchronous = FULL") }
    return try body()
  }

  private func take(_ sql: String) throws(DatabaseError) -> Statement {
    if let statement = idle.removeValue(forKey: sql) { return statement }
    return try Statement(sql, connection: handle)
  }

  private func giveBack(_ statement: Statement) {
    statement.reset()
    idle[statement.sql] = statement
  }
}
