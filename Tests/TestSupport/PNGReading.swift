import Foundation
import Shared

/// A PNG file as Python reads it with nothing but its standard library.
public struct PNGReading {
  public let width: Int
  public let height: Int
  private let rows: [[[Int]]]

  /// Red, green, blue and, where there is, alpha.
  public subscript(x: Int, y: Int) -> [Int] { rows[y][x] }

  /// - Throws: `TestFailure` when it is no PNG of eight bits a channel.
  public init(_ png: [UInt8]) throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("image.png")
    try Data(png).write(to: URL(filePath: path))
    let python = try ChildProcess(
      executable: try ChildProcess.find("python3"), ["-c", Self.program, path])
    let code = try python.waitForExit()
    guard code == 0 else { throw TestFailure("Python reads no PNG: \(python.errors)") }
    let value = try JSONValue.parse(Array(python.output.utf8))
    width = value["width"]?.intValue ?? 0
    height = value["height"]?.intValue ?? 0
    rows = (value["rows"]?.arrayValue ?? []).map { row in
      (row.arrayValue ?? []).map { ($0.arrayValue ?? []).compactMap(\.intValue) }
    }
  }

  private static let program = """
    import json, struct, sys, zlib
    data = open(sys.argv[1], 'rb').read()
    assert data[:8] == b'\\x89PNG\\r\\n\\x1a\\n', 'no PNG'
    at, stream, end = 8, b'', False
    while at < len(data):
        size, kind = struct.unpack('>I4s', data[at:at + 8])
        body = data[at + 8:at + 8 + size]
        sum = struct.unpack('>I', data[at + 8 + size:at + 12 + size])[0]
        assert zlib.crc32(kind + body) == sum, 'wrong checksum'
        if kind == b'IHDR':
            width, height, depth, color, _, _, lace = struct.unpack('>IIBBBBB', body)
        if kind == b'IDAT': stream += body
        if kind == b'IEND': end = True
        at += 12 + size
    assert end and depth == 8 and color in (2, 6) and lace == 0, (end, depth, color, lace)
    n = 3 if color == 2 else 4
    raw, rows, before = zlib.decompress(stream), [], bytes(width * n)
    for y in range(height):
        kind, row = raw[y * (width * n + 1)], bytearray(raw[y * (width * n + 1) + 1:][:width * n])
        for i in range(width * n):
            a = row[i - n] if i >= n else 0
            b, c = before[i], before[i - n] if i >= n else 0
            p = a + b - c
            paeth = min((a, b, c), key=lambda v: (abs(p - v), (a, b, c).index(v)))
            row[i] = (row[i] + (0, a, b, (a + b) // 2, paeth)[kind]) & 255
        before = bytes(row)
        rows.append([list(row[x:x + n]) for x in range(0, width * n, n)])
    print(json.dumps({'width': width, 'height': height, 'rows': rows}))
    """
}
