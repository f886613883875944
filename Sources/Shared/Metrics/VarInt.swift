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

  public mutating func blob(_ value: [UInt8]) {
    unsigned(UInt64(value.count))
    bytes.append(contentsOf: value)
  }
}

/// Stored bytes that are not what was written.
public struct VarIntError: Error, Equatable, Sendable {
  public var message: String

  public init(_ message: String) { self.message = message }
}

/// Reads what `VarIntWriter` wrote. Other bytes give an error or wrong numbers, never a trap.
public struct VarIntReader: Sendable {
  @usableFromInline let bytes: [UInt8]
  @usableFromInline var offset: Int

  public init(_ bytes: [UInt8], at offset: Int = 0) {
    self.bytes = bytes
    self.offset = offset
  }

  public var isAtEnd: Bool { offset >= bytes.count }

  @inlinable
  public mutating func unsigned() throws(VarIntError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
      guard shift < 64 else { throw VarIntError("integer of more than 64 bits") }
    }
    throw VarIntError("bytes end within an integer")
  }

  @inlinable
  public mutating func signed() throws(VarIntError) -> Int64 {
    let raw = try unsigned()
    return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
  }

  /// `count` numbers in a row. Batches of results are little else: they are read through pointers,
  /// because checks of owner and bounds cost more here than the numbers themselves.
  public mutating func signed(count: Int) throws(VarIntError) -> [Int64] {
    var place = offset
    var failure: VarIntError?
    let values = [Int64](unsafeUninitializedCapacity: count) { output, filled in
      bytes.withUnsafeBufferPointer { input in
        for index in 0..<count {
          var value: UInt64 = 0
          var shift: UInt64 = 0
          while true {
            guard place < input.count, shift < 64 else {
              failure = VarIntError(
                shift < 64 ? "bytes end within an integer" : "integer of more than 64 bits")
              return
            }
            let byte = input[place]
            place += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { break }
            shift += 7
          }
          output[index] = Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
          filled = index + 1
        }
      }
    }
    if let failure { throw failure }
    offset = place
    return values
  }

  public mutating func wide() throws(VarIntError) -> UInt128 {
    let low = try unsigned()
    let high = try unsigned()
    return UInt128(high) << 64 | UInt128(low)
  }

  /// A number of elements of at least one byte each that are still to come; or of elements that
  /// take no bytes, with a bound of their own.
  public mutating func count(max: Int? = nil) throws(VarIntError) -> Int {
    let value = try unsigned()
    guard let count = Int(exactly: value), count <= max ?? (bytes.count - offset) else {
      throw VarIntError("count of \(value) is too large")
    }
    return count
  }

  /// A non-negative number that fits `Int64`.
  public mutating func natural() throws(VarIntError) -> Int64 {
    guard let value = Int64(exactly: try unsigned()) else {
      throw VarIntError("number is too large")
    }
    return value
  }

  public mutating func text() throws(VarIntError) -> String {
    String(decoding: try blob(), as: UTF8.self)
  }

  public mutating func blob() throws(VarIntError) -> [UInt8] {
    let count = try count()
    defer { offset += count }
    return Array(bytes[offset..<(offset + count)])
  }
}
