import Foundation
import Shared
import TestSupport
import XCTest

@testable import Coordinator

final class DataTableReaderTests: XCTestCase {
  private var directory: TemporaryDirectory?

  override func tearDown() { directory = nil }

  /// A reader of a table with these rows of two columns.
  private func reader(_ text: String) throws -> DataTableReader {
    let directory = try TemporaryDirectory()
    self.directory = directory
    let path = try directory.write("t.csv", text)
    var scanner = CSVScanner()
    var index = TableIndex()
    try Array(text.utf8).withUnsafeBytes { try scanner.scan($0) { index.take($0) } }
    try scanner.finish { index.take($0) }
    return try DataTableReader(
      DataTableRecord(
        id: DataTableID(1), createdAtMs: 0, updatedAtMs: 0, name: "t", columns: index.columns,
        rows: index.rows, bytes: Int64(text.utf8.count)), index: index.offsets, path: path)
  }

  func test_anyRange_isReadAsItStands() throws {
    let rows = (0..<5_000).map { index in
      ["\(index)", index % 7 == 0 ? "line\nbreak, \"\(index)\"" : String(repeating: "é", count: 9)]
    }
    let text =
      "a,b\r\n"
      + rows.map { "\($0[0]),\"\($0[1].replacingOccurrences(of: "\"", with: "\"\""))\"" }
      .joined(separator: "\n")
    let reader = try reader(text)
    XCTAssertEqual(reader.rows, 5_000)
    var random = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let first = Int.random(in: 0..<5_000, using: &random)
      let count = Int.random(in: 1...200, using: &random)
      XCTAssertEqual(
        try reader.rows(from: first, count: count), Array(rows[first...].prefix(count)),
        "\(count) rows from \(first)")
    }
    var all: [[String]] = []
    while all.count < rows.count { all += try reader.rows(from: all.count, count: 64) }
    XCTAssertEqual(all, rows)
  }

  func test_rowsBeyondTheEnd_areNone() throws {
    let reader = try reader("a,b\n1,2\n")
    XCTAssertEqual(try reader.rows(from: 1, count: 1), [])
    XCTAssertEqual(try reader.rows(from: -1, count: 1), [])
    XCTAssertEqual(try reader.rows(from: 0, count: 0), [])
    XCTAssertEqual(try reader.rows(from: .max, count: .max), [])
    XCTAssertEqual(try reader.rows(from: 0, count: .max), [["1", "2"]])
    XCTAssertEqual(try self.reader("a\n").rows(from: 0, count: 1), [])
  }

  func test_wideRows_comeFewerAtOnce_butOneAlways() throws {
    let wide = String(repeating: "x", count: 600)
    let reader = try reader("a,b\n" + String(repeating: "1,\(wide)\n", count: 5))
    XCTAssertEqual(try reader.rows(from: 0, count: 5, bytesMax: 1_500).count, 2)
    XCTAssertEqual(try reader.rows(from: 2, count: 5, bytesMax: 1).count, 1)
    XCTAssertEqual(try reader.rows(from: 3, count: 5).count, 2)
  }

  func test_deletedFile_isReadOn() throws {
    let reader = try reader("a,b\n1,2\n")
    try FileManager.default.removeItem(atPath: try XCTUnwrap(directory).file("t.csv"))
    XCTAssertEqual(try reader.rows(from: 0, count: 1), [["1", "2"]])
  }
}
