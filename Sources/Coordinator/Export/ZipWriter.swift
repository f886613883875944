import CArchive
import Glibc
import Shared

/// Writes a zip archive front to back with libarchive: deflated, sizes behind the data, Zip64
/// where it is needed. What was written is to be taken away as it comes; kept are only the
/// archive's directory, about 150 bytes an entry, and what is being compressed.
///
/// Used by one thread at a time.
final class ZipWriter {
  /// What libarchive writes to.
  private final class Output {
    var bytes: [UInt8] = []
  }

  private let archive: OpaquePointer
  private let output = Output()
  /// libarchive marks names as UTF-8 only where the locale of the thread says so.
  private let locale: locale_t?
  private var rest: Int64?

  init() throws {
    guard let archive = archive_write_new() else { throw ZipError("no memory") }
    self.archive = archive
    locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
    try check(archive_write_set_format_zip(archive))
    try check(archive_write_set_format_option(archive, "zip", "compression", "deflate"))
    // Neither kept back to fill blocks nor padded to whole ones.
    try check(archive_write_set_bytes_per_block(archive, 0))
    try check(archive_write_set_bytes_in_last_block(archive, 1))
    try check(
      archive_write_open(
        archive, Unmanaged.passUnretained(output).toOpaque(), nil,
        { _, output, bytes, count in
          guard let output, let bytes else { return -1 }
          Unmanaged<Output>.fromOpaque(output).takeUnretainedValue().bytes.append(
            contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
          return count
        }, nil))
  }

  deinit {
    // An archive that was given up need not get its end.
    _ = archive_write_fail(archive)
    archive_write_free(archive)
    if let locale { freelocale(locale) }
  }

  /// Bytes that are there to be taken.
  var count: Int { output.bytes.count }

  /// What was written since the last call.
  func take() -> [UInt8] {
    let bytes = output.bytes
    output.bytes = []
    return bytes
  }

  func begin(_ entry: ZipEntry) throws {
    guard let header = archive_entry_new() else { throw ZipError("no memory") }
    defer { archive_entry_free(header) }
    archive_entry_set_pathname(header, entry.name)
    archive_entry_set_filetype(header, UInt32(Glibc.S_IFREG))
    archive_entry_set_perm(header, 0o644)
    let (seconds, millis) = entry.modifiedAtMs.quotientAndRemainder(dividingBy: 1_000)
    archive_entry_set_mtime(header, time_t(seconds), max(0, Int(millis)) * 1_000_000)
    if let size = entry.size { archive_entry_set_size(header, size) }
    rest = entry.size
    let before = locale.map { uselocale($0) }
    defer { if let before { uselocale(before) } }
    try check(archive_write_header(archive, header))
  }

  /// Adds to the content of the entry that was begun last.
  func write(_ bytes: [UInt8]) throws {
    if let left = rest {
      // libarchive would cut it without a word.
      guard bytes.count <= left else { throw ZipError("an entry is longer than was said") }
      rest = left - Int64(bytes.count)
    }
    guard !bytes.isEmpty else { return }
    let written = bytes.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
    guard written == bytes.count else { throw failure() }
  }

  func endEntry() throws {
    guard rest ?? 0 == 0 else { throw ZipError("an entry is shorter than was said") }
    try check(archive_write_finish_entry(archive))
  }

  /// Writes the directory of the archive.
  func finish() throws { try check(archive_write_close(archive)) }

  private func check(_ code: Int32) throws {
    guard code == ARCHIVE_OK else { throw failure() }
  }

  private func failure() -> ZipError {
    ZipError(archive_error_string(archive).map { String(cString: $0) } ?? "unknown error")
  }
}
