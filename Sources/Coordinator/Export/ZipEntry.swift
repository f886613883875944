/// One file of a zip archive.
struct ZipEntry {
  /// Its path within the archive, with `/` between folders. Whoever makes it sees to it that it is
  /// safe to unpack: see `SafeName`.
  var name: String
  /// Milliseconds since the Unix epoch.
  var modifiedAtMs: Int64
  /// Bytes of its content, nil when they are not known beforehand. With it, old programs can read
  /// the entry as well.
  var size: Int64?
  /// The next piece of the content, nil at the end.
  var next: () throws -> [UInt8]?

  init(
    _ name: String, modifiedAtMs: Int64, size: Int64?, _ next: @escaping () throws -> [UInt8]?
  ) {
    self.name = name
    self.modifiedAtMs = modifiedAtMs
    self.size = size
    self.next = next
  }

  init(_ name: String, modifiedAtMs: Int64, _ bytes: [UInt8]) {
    var rest: [UInt8]? = bytes
    self.init(name, modifiedAtMs: modifiedAtMs, size: Int64(bytes.count)) {
      defer { rest = nil }
      return rest
    }
  }
}

/// An archive that could not be written.
struct ZipError: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = "zip: \(description)" }
}
