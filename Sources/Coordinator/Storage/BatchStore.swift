import Shared

/// The batches of results, in the order of their result ids, which is that of their commits.
public enum BatchStore {
  /// Most rows that batches are merged to.
  static let mergedRowsMax = 16_384

  /// Adds a batch. Its ids must be above all that are stored.
  static func insert(
    _ batch: StoredBatch, execution: ExecutionID, compressor: Zstandard, in db: Database
  ) throws {
    try db.run(
      """
      INSERT INTO batches (first_result, last_result, execution, requests, body)
      VALUES (?, ?, ?, ?, ?)
      """,
      .int(batch.firstResultID), .int(batch.lastResultID), .id(execution),
      .int(batch.requests.count), .blob(try batch.encoded(with: compressor)))
  }

  /// The batch of an execution that holds `resultID` or, if none does, the next one; nil at the
  /// end.
  static func next(
    from resultID: Int64, of execution: ExecutionID, in db: Database
  ) throws -> StoredBatch? {
    try nextBody(from: resultID, of: execution, in: db).map { try StoredBatch(decoding: $0) }
  }

  /// The ids of its results, which are known although it cannot be read.
  static func nextIDs(
    from resultID: Int64, of execution: ExecutionID, in db: Database
  ) throws -> ClosedRange<Int64>? {
    try db.first(
      """
      SELECT first_result, last_result FROM batches WHERE execution = ? AND last_result >= ?
      ORDER BY last_result LIMIT 1
      """, .id(execution), .int(resultID)
    ) { min($0.int64(0), $0.int64(1))...$0.int64(1) }
  }

  /// The same as it is stored.
  static func nextBody(
    from resultID: Int64, of execution: ExecutionID, in db: Database
  ) throws -> [UInt8]? {
    try db.first(
      """
      SELECT body FROM batches WHERE execution = ? AND last_result >= ?
      ORDER BY last_result LIMIT 1
      """, .id(execution), .int(resultID)
    ) { $0.blob(0) }
  }

  /// Where to begin when `offset` requests of an execution are to be left out: the first id of
  /// the batch in which that many are exceeded, and how many are to be left out from there.
  static func place(
    offset: Int64, of execution: ExecutionID, in db: Database
  ) throws -> (resultID: Int64, rest: Int64) {
    guard offset > 0 else { return (0, 0) }
    let place = try db.first(
      """
      SELECT first_result, before FROM (
        SELECT first_result, requests,
          sum(requests) OVER (ORDER BY last_result) - requests AS before
        FROM batches WHERE execution = ?)
      WHERE before + requests > ? ORDER BY first_result LIMIT 1
      """, .id(execution), .int(offset)
    ) { (resultID: $0.int64(0), before: $0.int64(1)) }
    return place.map { ($0.resultID, offset - $0.before) } ?? (.max, 0)
  }

  /// Request rows of an execution.
  public static func requestCount(of execution: ExecutionID, in db: Database) throws -> Int64 {
    try db.first(
      "SELECT coalesce(sum(requests), 0) FROM batches WHERE execution = ?", .id(execution)
    ) { $0.int64(0) } ?? 0
  }

  /// Bytes that the results of an execution take, without those of the tables around them.
  public static func bodyBytes(of execution: ExecutionID, in db: Database) throws -> Int64 {
    try db.first(
      "SELECT coalesce(sum(length(body)), 0) FROM batches WHERE execution = ?", .id(execution)
    ) { $0.int64(0) } ?? 0
  }

  /// The id that the next result gets.
  static func nextResultID(in db: Database) throws -> Int64 {
    try MetaStore.integer("nextResult", in: db) ?? 1
  }

  static func setNextResultID(_ id: Int64, in db: Database) throws {
    try MetaStore.set("nextResult", id, in: db)
  }

  /// The id that the next assertion gets.
  static func nextAssertionID(in db: Database) throws -> Int64 {
    try MetaStore.integer("nextAssertion", in: db) ?? Limits.firstAssertionID
  }

  static func setNextAssertionID(_ id: Int64, in db: Database) throws {
    try MetaStore.set("nextAssertion", id, in: db)
  }

  /// Batches with at least this many requests are left as they are.
  private static let smallRequestsMax = 2_048

  /// Merges a run of small batches at or after `resultID` into one, as far as they fit together,
  /// and answers where to go on; nil at the end. Ids and attribution of rows stay. One call is
  /// one bounded piece of work, to be done in a transaction of its own.
  static func compact(
    _ execution: ExecutionID, from resultID: Int64, compressor: Zstandard, in db: Database
  ) throws -> Int64? {
    let first = try db.first(
      """
      SELECT first_result FROM batches WHERE execution = ? AND last_result >= ? AND requests < ?
      ORDER BY last_result LIMIT 1
      """, .id(execution), .int(resultID), .int(smallRequestsMax)
    ) { $0.int64(0) }
    // A deleted execution's batches are not worth it.
    guard let first, try ExecutionStore.exists(execution, in: db),
      var merged = try next(from: first, of: execution, in: db)
    else { return nil }
    var sources = [merged.firstResultID]
    var after = merged.lastResultID + 1
    while let batch = try next(from: after, of: execution, in: db),
      batch.requests.count < smallRequestsMax,
      merged.rowCount + batch.rowCount <= mergedRowsMax
    {
      sources.append(batch.firstResultID)
      merged.append(batch)
      after = batch.lastResultID + 1
    }
    guard sources.count > 1 else { return after }
    for source in sources { try db.run("DELETE FROM batches WHERE first_result = ?", .int(source)) }
    try insert(merged, execution: execution, compressor: compressor, in: db)
    return after
  }
}
