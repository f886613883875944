import CSQLite
import Shared

/// A prepared statement; owned by one `Database` and confined with it.
final class Statement {
  let sql: String
  private let handle: OpaquePointer
  private let connection: OpaquePointer

  init(_ sql: String, connection: OpaquePointer) throws(DatabaseError) {
    self.sql = sql
    self.connection = connection
    var handle: OpaquePointer?
    let code = sqlite3_prepare_v3(
      connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
    guard code == SQLITE_OK, let handle else {
      throw DatabaseError(
        code: code, message: String(cString: sqlite3_errmsg(connection)), sql: sql)
    }
    self.handle = handle
  }

  deinit { sqlite3_finalize(handle) }

  func bind(_ arguments: [SQLValue]) throws(DatabaseError) {
    let expected = Int(sqlite3_bind_parameter_count(handle))
    precondition(expected == arguments.count, "\(arguments.count) arguments for: \(sql)")
    for (offset, argument) in arguments.enumerated() {
      let code = bind(argument, at: Int32(offset + 1))
      guard code == SQLITE_OK else { throw failure(code) }
    }
  }

  private func bind(_ value: SQLValue, at index: Int32) -> Int32 {
    switch value {
    case .null: return sqlite3_bind_null(handle, index)
    case .int(let value): return sqlite3_bind_int64(handle, index, value)
    case .double(let value): return sqlite3_bind_double(handle, index, value)
    case .text(var text):
      return text.withUTF8 { bytes in
        guard let count = Int32(exactly: bytes.count) else { return SQLITE_TOOBIG }
        guard let base = bytes.baseAddress else {
          return throng_sqlite_bind_text(handle, index, "", 0)
        }
        return base.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
          throng_sqlite_bind_text(handle, index, $0, count)
        }
      }
    case .blob(let bytes):
      guard let count = Int32(exactly: bytes.count) else { return SQLITE_TOOBIG }
      return throng_sqlite_bind_blob(handle, index, bytes, count)
    }
  }

  /// Goes on to the next row; nil at the end.
  func step() throws(DatabaseError) -> Row? {
    let code = sqlite3_step(handle)
    switch code {
    case SQLITE_ROW: return Row(handle)
    case SQLITE_DONE: return nil
    default: throw failure(code)
    }
  }

  /// Makes it ready for its next use and lets go of what was bound.
  func reset() {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
  }

  private func failure(_ code: Int32) -> DatabaseError {
    DatabaseError(code: code, message: String(cString: sqlite3_errmsg(connection)), sql: sql)
  }
}

/// The row that a statement stands on; valid until the statement steps on.
public struct Row: ~Copyable {
  private let handle: OpaquePointer

  fileprivate init(_ handle: OpaquePointer) { self.handle = handle }

  public func isNull(_ column: Int) -> Bool {
    sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL
  }

  /// A whole number, at most ±`Limits.wholeNumberMax`: a file's numbers come from outside, and
  /// sums and differences of bounded ones never overflow.
  public func int64(_ column: Int) -> Int64 {
    let value = sqlite3_column_int64(handle, Int32(column))
    return max(-Limits.wholeNumberMax, min(value, Limits.wholeNumberMax))
  }

  public func int(_ column: Int) -> Int { Int(int64(column)) }

  /// The number of something, 0 to `most`.
  public func count(_ column: Int, most: Int = Int(Limits.wholeNumberMax)) -> Int {
    max(0, min(int(column), most))
  }

  public func bool(_ column: Int) -> Bool { int64(column) != 0 }
  public func double(_ column: Int) -> Double { sqlite3_column_double(handle, Int32(column)) }

  public func id<Entity>(_ column: Int) -> Identifier<Entity> { Identifier(int64(column)) }

  public func text(_ column: Int) -> String {
    guard let text = sqlite3_column_text(handle, Int32(column)) else { return "" }
    let count = Int(sqlite3_column_bytes(handle, Int32(column)))
    return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
  }

  public func blob(_ column: Int) -> [UInt8] {
    guard let data = sqlite3_column_blob(handle, Int32(column)) else { return [] }
    let count = Int(sqlite3_column_bytes(handle, Int32(column)))
    return [UInt8](UnsafeRawBufferPointer(start: data, count: count))
  }

  public func optionalInt64(_ column: Int) -> Int64? { isNull(column) ? nil : int64(column) }
  public func optionalInt(_ column: Int) -> Int? { isNull(column) ? nil : int(column) }
  public func optionalDouble(_ column: Int) -> Double? { isNull(column) ? nil : double(column) }
  public func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
}
