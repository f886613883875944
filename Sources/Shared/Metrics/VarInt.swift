/// Integers in as few bytes as they need: seven bits a byte, lowest first, the top bit says that
/// more follow (LEB128, as in DWARF 5, 7.6).
public struct VarIntWriter: Sendable {
  public var bytes: [UInt8] = []

  public init() {}

  @inlinable
  public mutating func unsigned(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Zigzag: small numbers of either sign stay short.
  @inlinable
  public mutating func signed(_ value: Int64) {
    unsigned(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  public mutating func wide(_ value: UInt128) {
    unsigned(UInt64(truncatingIfNeeded: value))
    unsigned(UInt64(truncatingIfNeeded: value >> 64))
  }

  public mutating func text(_ value: String) {
    unsigned(UInt64(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }
}

/// Stored bytes that are not what was written.
public struct VarIntError: Error, Equatable, Sendable {
  public var message: String

  public init(_ message: String) { self.message = message }
}

/// Reads what `VarIntWriter` wrote. Bytes that were not written by it give an error or wrong
/// numbers, never a trap.
public struct VarIntReader: ~Copyable, ~Escapable {
  @usableFromInline let bytes: Span<UInt8>
  @usableFromInline var offset = 0

  @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>) { self.bytes = bytes }
}
