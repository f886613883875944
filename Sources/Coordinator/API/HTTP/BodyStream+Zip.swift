extension BodyStream {
  /// Bytes of an archive that are sent at once, at least.
  private static let zipPieceBytes = 32 << 10

  /// A zip archive, each entry asked for when its turn comes. An error cuts it off: what came
  /// lacks the directory at its end, so that no program takes it for whole.
  ///
  /// - Parameter entries: makes the next entry; nil at the end.
  static func zip(_ entries: @escaping () throws -> ZipEntry?) -> BodyStream {
    var source = ZipSource(entries: entries)
    return BodyStream {
      // Nothing is made before it is asked for, as it never is for HEAD.
      let writer = try source.writer()
      while !source.isOver, writer.count < zipPieceBytes { try source.advance(writer) }
      return source.isOver && writer.count == 0 ? nil : writer.take()
    }
  }
}

/// Writes an archive in small steps.
private struct ZipSource {
  let entries: () throws -> ZipEntry?
  private var made: ZipWriter?
  private var entry: ZipEntry?
  private(set) var isOver = false

  init(entries: @escaping () throws -> ZipEntry?) { self.entries = entries }

  mutating func writer() throws -> ZipWriter {
    if let made { return made }
    let writer = try ZipWriter()
    made = writer
    return writer
  }

  mutating func advance(_ writer: ZipWriter) throws {
    if let entry {
      if let bytes = try entry.next() {
        try writer.write(bytes)
      } else {
        try writer.endEntry()
        self.entry = nil
      }
    } else if let next = try entries() {
      try writer.begin(next)
      entry = next
    } else {
      try writer.finish()
      isOver = true
    }
  }
}
