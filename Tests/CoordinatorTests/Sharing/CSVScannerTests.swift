import Foundation
import Shared
import XCTest

@testable import Coordinator

final class CSVScannerTests: XCTestCase {
  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  /// Scans a text in pieces of so many bytes.
  private func scan(_ bytes: [UInt8], piece: Int = .max) throws -> [CSVRecord] {
    var scanner = CSVScanner()
    var records: [CSVRecord] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let next = Array(rest.prefix(piece))
      rest = rest.dropFirst(next.count)
      try next.withUnsafeBytes { buffer in
        try scanner.scan(buffer) {
          records.append($0)
          return true
        }
      }
    }
    try scanner.finish {
      records.append($0)
      return true
    }
    return records
  }

  private func values(_ text: String, piece: Int = .max) throws -> [[String]] {
    try scan(Array(text.utf8), piece: piece).map(\.values)
  }

  private func failure(_ bytes: [UInt8]) -> String? {
    do {
      _ = try scan(bytes)
      return nil
    } catch {
      return "\(error)"
    }
  }

  func test_records_areCutAfterTheStandard() throws {
    let text = "a,b\r\n1,\"x, \"\"y\"\"\r\nz\"\r\n,\n\n\"\",é\r\n\r\nlast,line"
    let wanted = [
      ["a", "b"], ["1", "x, \"y\"\r\nz"], ["", ""], ["", "é"], ["last", "line"],
    ]
    for piece in 1...text.utf8.count {
      XCTAssertEqual(try values(text, piece: piece), wanted, "in pieces of \(piece)")
    }
  }

  func test_records_sayWhereTheyBegin() throws {
    let text = "a\r\n\"b\nb\"\n\nc"
    let records = try scan(Array(text.utf8), piece: 1)
    XCTAssertEqual(records.map(\.offset), [0, 3, 10])
    XCTAssertEqual(records.map(\.line), [1, 2, 5])
  }

  func test_byteOrderMark_isNoPartOfTheFirstValue() throws {
    for piece in 1...4 {
      XCTAssertEqual(try values("\u{FEFF}\"a\",b\n", piece: piece), [["a", "b"]])
      XCTAssertEqual(try values("\u{FEFF}", piece: piece), [])
      // Begins with two of its three bytes.
      XCTAssertEqual(try values("\u{FEC0}x,b\n", piece: piece), [["\u{FEC0}x", "b"]])
    }
    XCTAssertEqual(try scan(Array("\u{FEFF}a\n".utf8), piece: 2).first?.offset, 3)
  }

  func test_scan_canStopBehindARecord_andGoOnElsewhere() throws {
    let bytes = Array("a\nbc\nd\n".utf8)
    var scanner = CSVScanner()
    try bytes.withUnsafeBytes { try scanner.scan($0) { $0.values != ["bc"] } }
    XCTAssertEqual(scanner.offset, 5)
    var found: [String] = []
    var second = CSVScanner(offset: 5)
    try Array(bytes[5...]).withUnsafeBytes {
      try second.scan($0) {
        found += $0.values
        return true
      }
    }
    XCTAssertEqual(found, ["d"])
    XCTAssertEqual(second.offset, 7)
  }

  func test_whatIsNoCSV_isSaidWithItsLine() {
    func failure(_ text: String) -> String? { self.failure(Array(text.utf8)) }
    XCTAssertEqual(failure("a\nb\"c\n"), "line 2: a quote within a value that is not quoted")
    XCTAssertEqual(failure("a\n\"b\"c\n"), "line 2: text behind the closing quote of a value")
    XCTAssertEqual(failure("a\n\n\"b\n\n"), "line 3: a quoted value has no end")
    XCTAssertEqual(failure("a\rb"), "line 1: a carriage return without a line feed")
    XCTAssertEqual(self.failure([0x61, 0x0A, 0xFF, 0x0A]), "line 2: the text is not UTF-8")
    XCTAssertEqual(self.failure([0xEF, 0xBB]), "line 1: the text is not UTF-8")
  }

  func test_oneRecord_isHeldOnlyUpToABound() {
    let long = [UInt8](repeating: 0x61, count: Limits.tableRowBytesMax + 1)
    XCTAssertEqual(failure(long), "line 1: has more than 65536 bytes")
    XCTAssertNil(failure(Array(long.dropLast())))
    let quoted = [0x22] + [UInt8](repeating: 0x0A, count: Limits.tableRowBytesMax + 1)
    XCTAssertEqual(failure(quoted), "line 1: has more than 65536 bytes")
    let commas = [UInt8](repeating: 0x2C, count: Limits.tableColumnsMax)
    XCTAssertEqual(failure(commas), "line 1: has more than 1000 values")
    XCTAssertNil(failure(Array(commas.dropLast())))
  }

  func test_randomTables_comeOutAsTheyWent() throws {
    for seed in UInt64(1)...100 {
      var random = Generator(state: seed)
      let letters = Array("ab\",\r\n é\u{FEFF}😀")
      let table = (0..<Int.random(in: 1...20, using: &random)).map { _ in
        (0..<3).map { _ in
          String(
            (0..<Int.random(in: 0...6, using: &random)).map { _ in
              letters.randomElement(using: &random) ?? "x"
            })
        }
      }
      var text = ""
      for row in table {
        text += row.map { "\"" + $0.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }
          .joined(separator: ",")
        text += Bool.random(using: &random) ? "\n" : "\r\n"
      }
      XCTAssertEqual(
        try values(text, piece: Int.random(in: 1...50, using: &random)), table, "seed \(seed)")
    }
  }

  func test_randomBytes_neverCrash() {
    for seed in UInt64(1)...500 {
      var random = Generator(state: seed)
      let alphabet: [UInt8] = [0x22, 0x2C, 0x0A, 0x0D, 0x61, 0xEF, 0xBB, 0xBF, 0xC3, 0x00]
      let bytes = (0..<60).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      let whole = try? scan(bytes).map(\.text)
      XCTAssertEqual(try? scan(bytes, piece: 3).map(\.text), whole, "seed \(seed)")
    }
  }
}
