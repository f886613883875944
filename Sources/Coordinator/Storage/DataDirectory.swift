import Glibc
import Shared

/// The directory that holds everything a coordinator keeps, held by one coordinator at a time.
struct DataDirectory: Sendable {
  let path: String
  /// Open for as long as the lock is held.
  private let lock: FileDescriptor

  var databasePath: String { "\(path)/throng.db" }
  var outputFiles: OutputFileDirectory { OutputFileDirectory(path: "\(path)/files") }
  var generationPath: String { "\(path)/generation" }

  /// Makes the directory if need be and locks it.
  init(path: String) throws {
    self.path = path
    try Self.create(path)
    let lockPath = "\(path)/lock"
    let number = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard number >= 0 else {
      throw StoreError.unwritableDirectory(path: path, reason: Self.reason(errno))
    }
    lock = FileDescriptor(owning: number)
    guard flock(number, LOCK_EX | LOCK_NB) == 0 else {
      if errno == EWOULDBLOCK { throw StoreError.locked(path: path) }
      throw StoreError.unwritableDirectory(path: path, reason: Self.reason(errno))
    }
  }

  private static func create(_ path: String) throws {
    var partial = path.hasPrefix("/") ? "/" : ""
    for component in path.split(separator: "/") {
      partial += partial.isEmpty || partial.hasSuffix("/") ? "\(component)" : "/\(component)"
      if mkdir(partial, 0o700) != 0, errno != EEXIST {
        let code = errno
        // A parent that may not be written to can exist all the same.
        var status = stat()
        if stat(partial, &status) == 0 { continue }
        throw StoreError.unwritableDirectory(path: path, reason: reason(code))
      }
    }
  }

  /// What stands beside the database, so that its loss is noticed.
  struct Generation: Equatable {
    /// How many times the store was opened.
    var count: Int64 = 0
    /// Which store it is; nil where an older version wrote it.
    var store: Int64?

    init(count: Int64 = 0, store: Int64? = nil) {
      self.count = count
      self.store = store
    }

    /// Nil when the text is none.
    init?(_ text: String) {
      let words =
        text.split(separator: "\n", omittingEmptySubsequences: false)
        .first.map { $0.split(separator: " ") } ?? []
      guard (1...2).contains(words.count), let count = Int64(words[0]), count >= 0 else {
        return nil
      }
      self.count = count
      if words.count == 2 {
        guard let store = Int64(words[1]) else { return nil }
        self.store = store
      }
    }
  }

  /// The start counter beside the database; 0 when there is none.
  ///
  /// - Throws: `StoreError` when there is one that does not read as such.
  func readGeneration() throws -> Generation {
    guard let file = fopen(generationPath, "re") else { return Generation() }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = fread(&bytes, 1, bytes.count, file)
    guard let generation = Generation(String(decoding: bytes.prefix(count), as: UTF8.self)) else {
      throw StoreError.badGeneration(path: generationPath)
    }
    return generation
  }

  /// Makes the database's file, if there is none, for the owner alone whatever the umask; SQLite
  /// gives its log the same mode.
  func secureDatabase() throws {
    let number = open(databasePath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard number >= 0 else {
      throw StoreError.cannotOpen(path: databasePath, reason: Self.reason(errno))
    }
    let file = FileDescriptor(owning: number)
    // One that belongs to somebody else stays as it is.
    _ = fchmod(file.number, 0o600)
    for ending in ["-wal", "-shm"] { _ = chmod(databasePath + ending, 0o600) }
  }

  /// Replaces the start counter in one step, so that a crash leaves the old or the new one.
  func writeGeneration(_ generation: Int64, store: Int64) throws {
    let temporary = "\(generationPath).new"
    let number = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard number >= 0 else {
      throw StoreError.unwritableDirectory(path: path, reason: Self.reason(errno))
    }
    let file = FileDescriptor(owning: number)
    let text = Array("\(generation) \(store)\n".utf8)
    guard write(file.number, text, text.count) == text.count, fsync(file.number) == 0,
      rename(temporary, generationPath) == 0
    else { throw StoreError.unwritableDirectory(path: path, reason: Self.reason(errno)) }
  }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
