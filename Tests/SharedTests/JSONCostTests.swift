import Foundation
import XCTest

@testable import Shared

/// What a text from outside may take in memory.
final class JSONCostTests: XCTestCase {
  private func list(_ element: String, bytes: Int) -> [UInt8] {
    let count = bytes / (element.utf8.count + 1)
    return Array(("[" + String(repeating: element + ",", count: count) + element + "]").utf8)
  }

  /// Texts of so many bytes that take as much memory as possible for their length.
  private func costly(bytes: Int) -> [(name: String, text: [UInt8])] {
    let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
    let members = (0..<bytes / 12).map { "\"\(String($0, radix: 36))\":1" }
    return [
      ("digits", list("1", bytes: bytes)), ("arrays of one", list("[1]", bytes: bytes)),
      ("objects of one", list(#"{"a":1}"#, bytes: bytes)), ("depth", list(deep, bytes: bytes)),
      ("texts", list(#""0123456789abcdef""#, bytes: bytes)),
      ("members", Array("{\(members.joined(separator: ","))}".utf8)),
      ("escapes", Array("\"\(String(repeating: #"\n"#, count: bytes / 2))\"".utf8)),
    ]
  }

  /// The most that this process has had in memory since the last call.
  private func peakBytes() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }
    let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    let file = try FileHandle(forWritingTo: URL(filePath: "/proc/self/clear_refs"))
    try file.write(contentsOf: Data("5".utf8))
    try file.close()
    return try XCTUnwrap(kilobytes) << 10
  }

  func test_memory_isAtMostEightTimesTheText_orTheTextIsRefused() throws {
    for (name, text) in costly(bytes: 3 << 20) {
      _ = try peakBytes()
      let before = try peakBytes()
      do {
        let value = try JSONValue.parse(untrusted: text)
        withExtendedLifetime(value) {}
      } catch {
        XCTAssertTrue(error.isTooCostly, "\(name): \(error)")
      }
      let taken = try peakBytes() - before
      XCTAssertLessThan(taken, 8 * text.count + (2 << 20), name)
    }
  }

  func test_whatTakesTooMuch_isRefused_andNamed() {
    for name in ["digits", "arrays of one", "objects of one", "depth", "members"] {
      let text = costly(bytes: 3 << 20).first { $0.name == name }?.text ?? []
      XCTAssertThrowsError(try JSONValue.parse(untrusted: text), name) {
        XCTAssertEqual(($0 as? JSONParseError)?.isTooCostly, true, "\(name): \($0)")
      }
    }
  }

  func test_whatPeopleWrite_isRead() throws {
    let script = String(repeating: "export default function () {}\\n", count: 100_000)
    let row = #"{"id":12345,"name":"a name of a row","tags":["one","two"],"price":12.5}"#
    let texts = [
      Array("{\"content\":\"\(script)\"}".utf8), list(row, bytes: 3 << 20),
      list("[1]", bytes: 100_000), list("1", bytes: 100_000),
    ]
    for text in texts { XCTAssertNoThrow(try JSONValue.parse(untrusted: text)) }
  }
}
