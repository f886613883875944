import CSQLite

/// What SQLite said no to. Arguments are left out: they may hold what a log should not.
public struct DatabaseError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Extended result code of SQLite.
  public var code: Int32
  public var message: String
  public var sql: String?

  public init(code: Int32, message: String, sql: String? = nil) {
    self.code = code
    self.message = message
    self.sql = sql
  }

  private var primaryCode: Int32 { code & 0xff }

  /// The disk or the quota is full; what was to be written may be tried again.
  public var isDiskFull: Bool { primaryCode == SQLITE_FULL }
  /// The disk failed to read or write.
  public var isInputOutput: Bool { primaryCode == SQLITE_IOERR }
  public var isCorrupt: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }
  /// A unique or foreign key stands against it.
  public var isConstraint: Bool { primaryCode == SQLITE_CONSTRAINT }

  public var description: String {
    let place = sql.map { " in: \($0)" } ?? ""
    return "SQLite error \(code): \(message)\(place)"
  }
}
