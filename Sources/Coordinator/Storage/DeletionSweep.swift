import Shared

/// Removes what is left of deleted executions in steps of a few milliseconds, each a transaction
/// of its own that ends early when somebody else wants to write. For one thread.
struct DeletionSweep {
  /// Time that one statement should take at most: how long others wait who want to write.
  private static let statementNanosMax: Int64 = 2_000_000
  private static let rowsMax = 2_000

  private struct Work {
    var execution: ExecutionID
    /// Tables that may have rows of it yet, the next one last.
    var tables: [DeletionStore.Table]
    /// Rows that one statement removes now: they can be of a hundred bytes or of a megabyte.
    var rows = 1
  }

  private let store: Store
  private let stepNanosMax: Int64
  private var work: Work?

  /// - Parameter stepNanosMax: time that a step may hold the writer.
  init(_ store: Store, stepNanosMax: Int64 = 10_000_000) {
    self.store = store
    self.stepNanosMax = stepNanosMax
  }

  /// Does one step; false when nothing is left to do.
  mutating func step() throws -> Bool {
    guard var work = try work ?? begin() else { return false }
    let (store, stepNanosMax) = (store, stepNanosMax)
    let isDone = try store.writeWithoutWaitingForDisk { db in
      try Self.remove(&work, in: db) { $0 >= stepNanosMax || store.isWanted }
    }
    self.work = isDone ? nil : work
    return true
  }

  private func begin() throws -> Work? {
    let work = try store.read { db in
      try DeletionStore.next(in: db).map {
        Work(execution: $0, tables: try DeletionStore.tables(in: db).reversed())
      }
    }
    if let work { store.outputFiles.remove(work.execution) }
    return work
  }

  /// Removes rows until `isEnough` says so of the nanoseconds that it has taken; true when none is
  /// left.
  private static func remove(
    _ work: inout Work, in db: Database, isEnough: (Int64) -> Bool
  ) throws -> Bool {
    let began = Clock.monotonicNanos()
    var now = began
    while let table = work.tables.last {
      let more = try DeletionStore.remove(work.rows, of: work.execution, from: table, in: db)
      let taken = Clock.monotonicNanos() - now
      now += taken
      if more {
        let isQuick = taken < statementNanosMax / 2
        work.rows = isQuick ? min(rowsMax, work.rows * 2) : max(1, work.rows / 2)
      } else {
        work.tables.removeLast()
        work.rows = 1
      }
      if isEnough(now - began) { return false }
    }
    try DeletionStore.finished(work.execution, in: db)
    return true
  }
}
