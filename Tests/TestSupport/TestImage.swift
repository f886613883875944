/// A picture that a test draws, and the PNG file it is written as: without any image library, so
/// that it is an oracle for those who read it.
public struct TestImage {
  public typealias Color = (red: UInt8, green: UInt8, blue: UInt8)

  public let width: Int
  public let height: Int
  private var bytes: [UInt8]

  public init(_ width: Int, _ height: Int, _ color: Color = (255, 255, 255)) {
    self.width = width
    self.height = height
    bytes = []
    bytes.reserveCapacity(width * height * 3)
    for _ in 0..<width * height { bytes += [color.red, color.green, color.blue] }
  }

  public subscript(x: Int, y: Int) -> Color {
    get {
      let at = (y * width + x) * 3
      return (bytes[at], bytes[at + 1], bytes[at + 2])
    }
    set {
      let at = (y * width + x) * 3
      bytes.replaceSubrange(at..<at + 3, with: [newValue.red, newValue.green, newValue.blue])
    }
  }

  /// The file: its pixels are not compressed.
  public var png: [UInt8] {
    var rows: [UInt8] = []
    for y in 0..<height {
      rows.append(0)
      rows += bytes[y * width * 3..<(y + 1) * width * 3]
    }
    return Self.signature + Self.header(width, height) + Self.chunk("IDAT", Self.zlib(rows))
      + Self.chunk("IEND", [])
  }

  /// The beginning of a file that promises so many pixels and has none.
  public static func promise(_ width: Int, _ height: Int) -> [UInt8] {
    signature + header(width, height) + chunk("IDAT", zlib([0, 0, 0, 0]))
  }

  private static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  private static func header(_ width: Int, _ height: Int) -> [UInt8] {
    // Eight bits a channel, RGB, not interlaced.
    chunk("IHDR", bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, 2, 0, 0, 0])
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let content = Array(type.utf8) + data
    return bigEndian(UInt32(data.count)) + content + bigEndian(crc32(content))
  }

  /// Stored blocks of RFC 1951 in the frame of RFC 1950.
  private static func zlib(_ data: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let end = min(start + 0xffff, data.count)
      let count = UInt16(end - start)
      stream.append(end == data.count ? 1 : 0)
      for value in [count, ~count] { stream += [UInt8(value & 255), UInt8(value >> 8)] }
      stream += data[start..<end]
      start = end
    } while start < data.count
    return stream + bigEndian(adler32(data))
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  private static func adler32(_ data: [UInt8]) -> UInt32 {
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in data {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return high << 16 | low
  }

  private static let crcTable: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1
    }
  }

  private static func crc32(_ data: [UInt8]) -> UInt32 {
    ~data.reduce(~0) { crcTable[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ ($0 >> 8) }
  }
}
