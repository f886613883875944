import Glibc
import Shared

/// The directory that holds everything a coordinator keeps, held by one coordinator at a time.
struct DataDirectory: Sendable {
  let path: String
  /// Open for as long as the lock is held.
  private let lock: FileDescriptor

  var databasePath: String { "\(path)/throng.db" }
  var outputFiles: OutputFileDirectory { OutputFileDirectory(path: "\(path)/files") }
  private var generationPath: String { "\(path)/generation" }

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

  /// The start counter beside the database; 0 when there is none.
  func readGeneration() -> Int64 {
    guard let file = fopen(generationPath, "re") else { return 0 }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 32)
    guard fgets(&buffer, Int32(buffer.count), file) != nil else { return 0 }
    let digits = buffer.prefix { $0 >= 48 && $0 <= 57 }.map { UInt8($0) }
    return Int64(String(decoding: digits, as: UTF8.self)) ?? 0
  }

  /// Replaces the start counter in one step, so that a crash leaves the old or the new one.
  func writeGeneration(_ generation: Int64) throws {
    let temporary = "\(generationPath).new"
    let number = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard number >= 0 else {
      throw StoreError.unwritableDirectory(path: path, reason: Self.reason(errno))
    }
    let file = FileDescriptor(owning: number)
    let text = Array("\(generation)\n".utf8)
    guard write(file.number, text, text.count) == text.count, fsync(file.number) == 0,
      rename(temporary, generationPath) == 0
    else { throw StoreError.unwritableDirectory(path: path, reason: Self.reason(errno)) }
  }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
