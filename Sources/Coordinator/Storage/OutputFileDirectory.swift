import Glibc
import Shared

/// The contents of output files: `files/EXECUTION/ID` below the data directory. Names that scripts
/// give never become names here.
struct OutputFileDirectory: Sendable {
  let path: String

  func path(of execution: ExecutionID) -> String { "\(path)/\(execution)" }

  func path(of file: Int64, execution: ExecutionID) -> String {
    "\(path(of: execution))/\(file)"
  }

  /// Removes what an execution wrote; nothing is fine too.
  func remove(_ execution: ExecutionID) {
    for name in Self.names(in: path(of: execution)) {
      unlink("\(path(of: execution))/\(name)")
    }
    rmdir(path(of: execution))
  }

  func remove(_ file: Int64, of execution: ExecutionID) {
    unlink(path(of: file, execution: execution))
  }

  /// Executions that have a directory here.
  func executions() -> [ExecutionID] {
    Self.names(in: path).compactMap { Int64($0).map { ExecutionID($0) } }
  }

  private static func names(in directory: String) -> [String] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}

/// A content that could not be written or read.
struct OutputFileError: Error, CustomStringConvertible {
  var path: String
  var code: Int32
  var reason: String

  init(_ path: String, code: Int32 = errno) {
    self.path = path
    self.code = code
    reason = String(cString: strerror(code))
  }

  var description: String { "\(path): \(reason)" }
}

/// Writes the contents of one transaction, so that all of them are on the disk before it commits.
///
/// A part goes where the committed parts before it end: when a transaction fails and comes again,
/// it writes the same bytes to the same place.
struct OutputFileWriter {
  /// Files that stay open until they are synced.
  private static let openMax = 64

  private let directory: OutputFileDirectory
  private var open: [(file: FileDescriptor, path: String)] = []
  /// Directories with new names in them.
  private var changed: Set<String> = []

  init(_ directory: OutputFileDirectory) { self.directory = directory }

  mutating func write(
    _ bytes: [UInt8], at offset: Int64, to file: Int64, of execution: ExecutionID
  ) throws {
    let path = directory.path(of: file, execution: execution)
    if offset == 0 {
      try make(directory.path)
      try make(directory.path(of: execution))
      changed.insert(directory.path(of: execution))
    }
    let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (offset == 0 ? O_TRUNC : 0)
    let number = Glibc.open(path, flags, 0o600)
    guard number >= 0 else { throw OutputFileError(path) }
    let descriptor = FileDescriptor(owning: number)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        pwrite(
          number, buffer.baseAddress.map { $0 + done }, buffer.count - done,
          off_t(offset) + off_t(done))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw OutputFileError(path) }
      done += count
    }
    open.append((descriptor, path))
    if open.count >= Self.openMax { try syncFiles() }
  }

  /// Returns once everything that was written survives a loss of power.
  mutating func sync() throws {
    try syncFiles()
    for path in changed {
      let number = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard number >= 0 else { throw OutputFileError(path) }
      let descriptor = FileDescriptor(owning: number)
      guard fsync(descriptor.number) == 0 else { throw OutputFileError(path) }
    }
    changed = []
  }

  private mutating func syncFiles() throws {
    for (file, path) in open where fdatasync(file.number) != 0 { throw OutputFileError(path) }
    open = []
  }

  private mutating func make(_ path: String) throws {
    if mkdir(path, 0o700) == 0 {
      if let parent = path.lastIndex(of: "/") { changed.insert(String(path[..<parent])) }
    } else if errno != EEXIST {
      throw OutputFileError(path)
    }
  }
}

/// Reads a content piece by piece.
final class OutputFileReader {
  private let file: FileDescriptor
  private let path: String
  private var offset: Int64 = 0
  private static let pieceBytes = 128 << 10

  init(path: String) throws {
    self.path = path
    let number = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw OutputFileError(path) }
    file = FileDescriptor(owning: number)
  }

  /// Bytes that it has.
  func size() throws -> Int64 {
    var status = stat()
    guard fstat(file.number, &status) == 0 else { throw OutputFileError(path) }
    return Int64(status.st_size)
  }

  /// The next bytes; nil at the end.
  func next() throws -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: Self.pieceBytes)
    while true {
      let count = pread(file.number, &buffer, buffer.count, off_t(offset))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw OutputFileError(path) }
      guard count > 0 else { return nil }
      offset += Int64(count)
      return Array(buffer[..<count])
    }
  }
}
