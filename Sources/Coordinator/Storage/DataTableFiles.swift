import Glibc
import Shared

/// The files of data tables, in a directory beside the database.
///
/// A table's file is in place before its record is committed and goes after the record, so a
/// crash leaves files without record at worst; the next start deletes them.
struct DataTableFiles: Sendable {
  let directory: String

  init(_ store: Store) { directory = "\(store.path)/tables" }

  func path(_ id: DataTableID) -> String { "\(directory)/\(id).csv" }

  /// Makes the directory if need be.
  func create() throws {
    guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
      throw SystemError("make \(directory)")
    }
  }

  /// A new file to write a table to; it has no name that matters.
  func newFile() throws -> (path: String, file: FileDescriptor) {
    try create()
    let path = "\(directory)/\(UInt64.random(in: 0...UInt64.max)).part"
    let number = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard number >= 0 else { throw SystemError("create \(path)") }
    return (path, FileDescriptor(owning: number))
  }

  /// Gives a finished file to a table.
  func adopt(_ path: String, as id: DataTableID) throws {
    guard rename(path, self.path(id)) == 0 else { throw SystemError("rename \(path)") }
  }

  func remove(_ id: DataTableID) { unlink(path(id)) }

  /// Deletes what belongs to no table. Before anything is uploaded.
  func tidy(keeping ids: Set<DataTableID>) throws {
    try create()
    guard let entries = opendir(directory) else { throw SystemError("open \(directory)") }
    defer { closedir(entries) }
    let kept = Set(ids.map { "\($0).csv" })
    while let entry = readdir(entries) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != "..", !kept.contains(name) { unlink("\(directory)/\(name)") }
    }
  }
}
