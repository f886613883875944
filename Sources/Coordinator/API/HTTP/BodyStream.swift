/// A body that is made piece by piece while it is sent, in constant memory.
///
/// Used by one thread at a time. Letting go of it, which a cancelled download does, releases what
/// `pull` holds.
public final class BodyStream {
  /// Bytes that all pieces have together, where that is known before.
  public let length: UInt64?
  private var pull: (() throws -> [UInt8]?)?
  private var piece: [UInt8] = []
  private var offset = 0

  /// - Parameter pull: makes the next piece; an empty one is passed over, nil ends the body, an
  ///   error cuts it off so that the client notices.
  public init(length: UInt64? = nil, _ pull: @escaping () throws -> [UInt8]?) {
    self.length = length
    self.pull = pull
  }

  /// Fills `buffer` from its beginning. 0 at the end only.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while offset == piece.count {
      guard let next = try pull?() else {
        pull = nil
        return 0
      }
      piece = next
      offset = 0
    }
    let count = min(buffer.count, piece.count - offset)
    piece.withUnsafeBytes { bytes in
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]))
    }
    offset += count
    return count
  }

  /// All of it, for tests and small bodies.
  public func readAll() throws -> [UInt8] {
    var all: [UInt8] = []
    if offset < piece.count { all.append(contentsOf: piece[offset...]) }
    while let next = try pull?() { all.append(contentsOf: next) }
    pull = nil
    (piece, offset) = ([], 0)
    return all
  }
}
