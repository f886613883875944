/// What is wrong with the bytes of a line-delimited stream.
public enum FramingError: Error, Equatable, Sendable {
  /// A line grew past the bound, bytes.
  case lineTooLong(max: Int)
}

/// Cuts a byte stream into lines of bounded length. Holds at most one unfinished line beside
/// what was appended last.
public struct LineFramer: Sendable {
  /// Longest line without its newline, bytes; may change as a peer earns trust.
  public var lineBytesMax: Int

  private var buffer: [UInt8] = []
  /// Where the next line begins.
  private var start = 0
  /// Up to where `buffer` is known to hold no newline past `start`.
  private var scanned = 0

  public init(maxBytes: Int) { lineBytesMax = maxBytes }

  /// Bytes that belong to no finished line yet.
  public var pendingBytes: Int { buffer.count - start }

  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    if start > 0 && start == buffer.count {
      buffer.removeAll(keepingCapacity: true)
      start = 0
      scanned = 0
    } else if start > 1 << 16 && start > buffer.count / 2 {
      buffer.removeFirst(start)
      scanned -= start
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  public mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

  /// The next whole line without its newline, or nil until more arrives. A carriage return
  /// before the newline is taken off, so that a person may type lines with telnet.
  public mutating func next() throws(FramingError) -> [UInt8]? {
    let newline = UInt8(ascii: "\n")
    let from = scanned
    let found = buffer.withUnsafeBufferPointer { bytes -> Int? in
      var index = from
      while index < bytes.count {
        if bytes[index] == newline { return index }
        index += 1
      }
      return nil
    }
    guard let found else {
      scanned = buffer.count
      guard pendingBytes <= lineBytesMax else { throw .lineTooLong(max: lineBytesMax) }
      return nil
    }
    guard found - start <= lineBytesMax else { throw .lineTooLong(max: lineBytesMax) }
    var end = found
    if end > start && buffer[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    let line = Array(buffer[start..<end])
    start = found + 1
    scanned = start
    return line
  }
}
