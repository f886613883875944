import Glibc
import Shared

/// A data table on its way to a file: written and read through piece by piece.
///
/// `@unchecked Sendable`: the server's thread that reads the request owns it, and hands it to the
/// handler on that same thread.
final class TableUpload: BodySink, @unchecked Sendable {
  let bytesMax = Limits.tableBytesMax

  private let files: DataTableFiles
  /// Made with the first byte: not every upload is let in.
  private var target: (path: String, file: FileDescriptor)?
  private var scanner = CSVScanner()
  private var index = TableIndex()
  private var bytes: Int64 = 0
  /// Why the file cannot be written.
  private var failure: (any Error)?
  /// Whether nothing more is read: the table is refused already.
  private var isOver = false

  init(_ files: DataTableFiles) { self.files = files }

  deinit {
    // A file that has become a table's is no longer at this path.
    if let path = target?.path { unlink(path) }
  }

  func take(_ piece: UnsafeRawBufferPointer) {
    guard failure == nil, !isOver else { return }
    bytes += Int64(piece.count)
    do {
      let target = try target ?? files.newFile()
      self.target = target
      guard FileDescriptor.write(piece, to: target.file.number) else {
        throw SystemError("write a data table")
      }
      try scanner.scan(piece) { record in
        isOver = !index.take(record)
        return !isOver
      }
    } catch let error as CSVFailure {
      refuse(error)
    } catch {
      failure = error
    }
  }

  private func refuse(_ error: CSVFailure) {
    index.failed(error)
    isOver = true
  }

  /// What is wrong with the table, once all of it has come.
  func finish() -> [FieldError] {
    guard !isOver, failure == nil else { return index.errors }
    isOver = true
    do {
      try scanner.finish { index.take($0) }
    } catch let error as CSVFailure {
      refuse(error)
    } catch {
      failure = error
    }
    index.finish()
    return index.errors
  }

  /// Stores the table, file and record.
  ///
  /// - Throws: `SystemError` when the file could not be written, or what the store throws.
  func store(_ name: String, atMs: Int64, in store: Store) throws -> DataTableRecord {
    if let failure { throw failure }
    guard let (path, file) = target else { throw SystemError("write a data table", code: EIO) }
    guard fsync(file.number) == 0 else { throw SystemError("write \(path)") }
    return try store.write { db in
      let record = try DataTableStore.insert(
        DataTableRecord(
          id: DataTableID(0), createdAtMs: atMs, updatedAtMs: atMs, name: name,
          columns: index.columns, rows: index.rows, bytes: bytes), index: index.offsets, in: db)
      try files.adopt(path, as: record.id)
      return record
    }
  }
}
