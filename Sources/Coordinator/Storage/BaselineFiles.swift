import Glibc
import Shared

/// The contents of baselines: `baselines/ID` in the data directory.
///
/// A file is in place before its record is committed and goes after the record, so a crash leaves
/// files without record at worst; the next start deletes them.
struct BaselineFiles: Sendable {
  private let directory: String

  init(_ store: Store) { directory = "\(store.path)/baselines" }

  func path(_ id: BaselineID) -> String { "\(directory)/\(id)" }

  /// Gives the content of an output file to a baseline as well. Neither changes any more, so both
  /// are the same file on the disk, which is gone when both have let go of it.
  func adopt(_ file: String, as id: BaselineID) throws {
    try create()
    // An id whose transaction came to nothing is given once more.
    unlink(path(id))
    guard link(file, path(id)) == 0 else { throw SystemError("link \(file) to \(path(id))") }
    let number = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else { throw SystemError("open \(directory)") }
    let descriptor = FileDescriptor(owning: number)
    guard fsync(descriptor.number) == 0 else { throw SystemError("sync \(directory)") }
  }

  func remove(_ ids: [BaselineID]) {
    for id in ids { unlink(path(id)) }
  }

  /// Deletes what belongs to no baseline. Before anything is compared.
  func tidy(keeping ids: Set<BaselineID>) throws {
    try create()
    guard let entries = opendir(directory) else { throw SystemError("open \(directory)") }
    defer { closedir(entries) }
    let kept = Set(ids.map(\.description))
    while let entry = readdir(entries) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != "..", !kept.contains(name) { unlink("\(directory)/\(name)") }
    }
  }

  private func create() throws {
    guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
      throw SystemError("make \(directory)")
    }
  }
}

extension BaselineFiles {
  /// Makes an output file the current baseline of a name, within a transaction.
  func makeBaseline(
    _ file: OutputFileRecord, named name: String, of configuration: TestConfigurationID,
    isFirst: Bool, atMs: Int64, in store: Store, _ db: Database
  ) throws -> BaselineRecord {
    let record = try BaselineStore.insert(
      BaselineRecord(
        id: BaselineID(0), configuration: configuration, createdAtMs: atMs, updatedAtMs: atMs,
        name: name, contentType: file.metadata.contentType, charset: file.metadata.charset,
        size: file.size, isCurrent: true, isFirstVersion: isFirst, file: file.id), in: db)
    try adopt(
      store.outputFiles.path(of: file.id, execution: file.execution), as: record.id)
    return record
  }
}
