import Glibc
import Shared
import Synchronization

/// Reads rows of a stored data table in constant memory. From any thread.
final class DataTableReader: Sendable {
  /// Where a row begins.
  private struct Place {
    var row: Int
    var offset: Int64
  }

  private static let pieceBytes = 64 << 10

  let columns: [String]
  let rows: Int
  /// Mean bytes of a row.
  let rowBytes: Int
  private let file: FileDescriptor
  private let offsets: [Int64]
  /// Behind the rows that were read last: clients that take turns read on from there.
  private let last: Mutex<Place?>

  /// Opens the table's file; it stays readable when the table is deleted.
  ///
  /// - Throws: `SystemError` naming the file.
  init(_ record: DataTableRecord, index: [Int64], path: String) throws {
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw SystemError("open \(path)") }
    file = FileDescriptor(owning: number)
    columns = record.columns
    rows = record.rows
    rowBytes = Int(record.bytes) / max(1, record.rows)
    offsets = index
    last = Mutex(nil)
  }

  /// The rows from `first` on: at most `count`, and no more than fit into `bytesMax` unless one
  /// alone is longer. None when there is no such row.
  func rows(from first: Int, count: Int, bytesMax: Int = .max) throws -> [[String]] {
    guard first >= 0, first < rows, count > 0 else { return [] }
    let wanted = min(count, rows - first)
    var place = start(of: first)
    var scanner = CSVScanner(offset: place.offset)
    var found: [[String]] = []
    var bytes = 0
    try eachPiece(from: place.offset) { piece in
      var isDone = false
      try scanner.scan(piece) { record in
        if place.row >= first {
          bytes += record.text.count
          if !found.isEmpty, bytes > bytesMax {
            isDone = true
            return false
          }
          found.append(record.values)
        }
        place.row += 1
        isDone = found.count == wanted
        return !isDone
      }
      return !isDone
    } atEnd: {
      try scanner.finish { record in
        if place.row >= first, found.count < wanted { found.append(record.values) }
        place.row += 1
        return true
      }
    }
    place = Place(row: first + found.count, offset: scanner.offset)
    if found.count == wanted { last.withLock { $0 = place } }
    return found
  }

  /// The nearest known place at or before a row.
  private func start(of row: Int) -> Place {
    let mark = min(row / TableIndex.stride, offsets.count - 1)
    let known = Place(row: mark * TableIndex.stride, offset: offsets[mark])
    guard let last = last.withLock({ $0 }), last.row <= row, last.row > known.row else {
      return known
    }
    return last
  }

  /// Calls `body` with the file's bytes from an offset on until it says false, or `atEnd` when
  /// there are no more.
  private func eachPiece(
    from offset: Int64, _ body: (UnsafeRawBufferPointer) throws -> Bool, atEnd: () throws -> Void
  ) throws {
    var offset = offset
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceBytes, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = pread(file.number, buffer.baseAddress, buffer.count, off_t(offset))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw SystemError("read a data table") }
      guard count > 0 else { return try atEnd() }
      guard try body(UnsafeRawBufferPointer(rebasing: buffer[..<count])) else { return }
      offset += Int64(count)
    }
  }
}
