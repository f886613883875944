import Shared
import Synchronization

/// The coordinator's database: one connection that writes, and as many that read as are needed.
///
/// Any thread may call `read` and `write`; neither may be called from within the other's body.
/// Readers never wait for the writer, nor it for them.
public final class Store: Sendable {
  private let directory: DataDirectory
  private let writer: Database
  private let writing = Mutex<Void>(())
  private let readers = Mutex<[Database]>([])
  /// Threads that wait for their turn to write.
  private let waiting = Atomic(0)
  private let deletionHandler = Mutex<@Sendable () -> Void>({})
  private static let idleReadersMax = 8

  /// Tells of changes to executions; whoever commits one says so.
  public let changes = ChangeBoard()
  /// The start counter: one more at every opening.
  public let generation: Int64
  /// Whether the database is older than the counter beside it: it came back from a backup.
  public let wasRestored: Bool

  /// Path of the data directory.
  public var path: String { directory.path }

  var databasePath: String { directory.databasePath }

  /// Contents of the output files of executions.
  var outputFiles: OutputFileDirectory { directory.outputFiles }

  /// Opens the data directory at `path`, making what is missing.
  ///
  /// - Throws: `StoreError`.
  public init(path: String) throws {
    directory = try DataDirectory(path: path)
    let file = directory.databasePath
    do {
      try directory.secureDatabase()
      writer = try Self.connect(file)
      try Migrations.run(writer, path: file)
      let beside = try directory.readGeneration()
      let generationPath = directory.generationPath
      let (stored, id) = try writer.transaction(immediate: true) { db in
        let known = try MetaStore.integer("store", in: db)
        guard beside.store == nil || beside.store == known else {
          throw StoreError.foreignDatabase(path: file, generationPath: generationPath)
        }
        let id = known ?? Int64.random(in: 1...Limits.wholeNumberMax)
        if known == nil { try MetaStore.set("store", id, in: db) }
        let before = try MetaStore.integer("generation", in: db) ?? 0
        let count = max(0, min(before, Limits.wholeNumberMax - 1))
        try MetaStore.set("generation", count + 1, in: db)
        return (count, id)
      }
      wasRestored = beside.count > stored
      generation = stored + 1
      try directory.writeGeneration(generation, store: id)
      // An end between the deletion of an execution and that of its files leaves some behind.
      for execution in directory.outputFiles.executions()
      where !(try ExecutionStore.exists(execution, in: writer)) {
        directory.outputFiles.remove(execution)
      }
    } catch let error as DatabaseError {
      throw Self.openingError(error, file)
    }
  }

  private static func openingError(_ error: DatabaseError, _ file: String) -> StoreError {
    error.isCorrupt
      ? .corrupt(path: file, reason: error.message)
      : .cannotOpen(path: file, reason: error.message)
  }

  private static func connect(_ file: String) throws -> Database {
    let database = try Database(path: file)
    // FULL: a commit that was acknowledged survives the loss of power. Debian's library writes
    // zeros over everything deleted, twice through the log; FAST does so where it costs nothing.
    try database.execute(
      """
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA foreign_keys = ON;
      PRAGMA wal_autocheckpoint = 4000;
      PRAGMA journal_size_limit = 67108864;
      PRAGMA secure_delete = FAST;
      """)
    return database
  }

  /// Moves everything from the log into the database file, so that this file alone is the store.
  /// Before the process ends; without it nothing is lost as long as both files stay together.
  func checkpoint() {
    readers.withLock { $0 = [] }
    do {
      try withWriter { try $0.execute("PRAGMA wal_checkpoint(TRUNCATE)") }
    } catch {
      Logger("store").warning("the log stays beside the database", ["error": "\(error)"])
    }
  }

  /// Runs `body` as one transaction that may change things; all of it happens or nothing.
  /// Waits while another thread writes.
  public func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try withWriter { try $0.transaction(immediate: true, body) }
  }

  /// The same without waiting for the disk: a loss of power may undo it. For what is done again
  /// then.
  func writeWithoutWaitingForDisk<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try withWriter { writer in
      try writer.withoutWaitingForDisk { try writer.transaction(immediate: true, body) }
    }
  }

  /// Whether a thread waits for its turn to write.
  var isWanted: Bool { waiting.load(ordering: .relaxed) > 0 }

  private func withWriter<Result>(_ body: (Database) throws -> Result) throws -> Result {
    waiting.wrappingAdd(1, ordering: .relaxed)
    let outcome = writing.withLock { _ in
      waiting.wrappingSubtract(1, ordering: .relaxed)
      return UncheckedOutcome(Swift.Result { try body(writer) })
    }
    return try outcome.value.get()
  }

  /// Deletes an execution: at once nothing of it is found any more. A `DeletionSweeper` removes its
  /// rows and files afterwards.
  ///
  /// - Returns: false when there is no such execution.
  public func delete(_ execution: ExecutionID) throws -> Bool {
    let now = Clock.wallMicros() / 1_000
    let isDeleted = try withWriter { writer in
      try writer.withoutForeignKeys {
        try writer.transaction(immediate: true) { db in
          try DeletionStore.mark(execution, atMs: now, in: db)
        }
      }
    }
    if isDeleted { deletionHandler.withLock { $0 }() }
    return isDeleted
  }

  /// Calls `handler` after every deletion, on the thread that deleted.
  func onDeletion(_ handler: @escaping @Sendable () -> Void) {
    deletionHandler.withLock { $0 = handler }
  }

  /// Runs `body` on one consistent state of the database, which it cannot change.
  public func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    let reader = try takeReader()
    defer { giveBack(reader) }
    return try reader.transaction(immediate: false, body)
  }

  private func takeReader() throws -> Database {
    if let idle = readers.withLock({ $0.popLast() }) { return idle }
    let reader = try Database(path: directory.databasePath)
    try reader.execute("PRAGMA query_only = ON")
    return reader
  }

  private func giveBack(_ reader: Database) {
    readers.withLock { if $0.count < Self.idleReadersMax { $0.append(reader) } }
  }
}

/// Carries a result out of the lock.
///
/// `@unchecked Sendable`: it is made and opened on the same thread; the lock keeps nothing of it.
private struct UncheckedOutcome<Value>: @unchecked Sendable {
  let value: Result<Value, any Error>
  init(_ value: Result<Value, any Error>) { self.value = value }
}
