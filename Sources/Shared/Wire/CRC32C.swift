/// The Castagnoli checksum (RFC 3720, appendix B.4), eight bytes a step ("slicing-by-8").
public enum CRC32C {
  /// The checksum of `bytes`.
  public static func checksum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBytes { checksum($0) }
  }

  public static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 { update(0, bytes) }

  /// Goes on from the checksum of what came before; 0 stands for nothing before.
  public static func update(_ crc: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      var state = ~crc
      var index = 0
      while index + 8 <= bytes.count {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        let mixed = word ^ UInt64(state)
        state = 0
        for slice in 0..<8 {
          let byte = Int(truncatingIfNeeded: (mixed >> UInt64(8 * slice)) & 0xff)
          state ^= tables[(7 - slice) * 256 + byte]
        }
        index += 8
      }
      while index < bytes.count {
        state = (state >> 8) ^ tables[Int((state ^ UInt32(bytes[index])) & 0xff)]
        index += 1
      }
      return ~state
    }
  }

  /// Extends a digest of checksums by one more, as four little-endian bytes.
  public static func extend(_ digest: UInt32, with crc: UInt32) -> UInt32 {
    withUnsafeBytes(of: crc.littleEndian) { update(digest, $0) }
  }

  private static let tables: [UInt32] = {
    let polynomial: UInt32 = 0x82f6_3b78
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ polynomial : value >> 1 }
      tables[byte] = value
    }
    for index in 256..<tables.count {
      let before = tables[index - 256]
      tables[index] = (before >> 8) ^ tables[Int(before & 0xff)]
    }
    return tables
  }()
}
