import Foundation
import Shared
import TestSupport
import XCTest

/// Data tables in a real coordinator.
final class DataTableTests: XCTestCase {
  /// The most memory that a process has had, bytes.
  private func peakBytes(_ process: ChildProcess) throws -> Int {
    let status = try String(
      contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let kibibytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return try XCTUnwrap(kibibytes, status) * 1_024
  }

  func test_largeTable_doesNotEnterMemory_andSurvivesARestart() throws {
    let directory = try TemporaryDirectory()
    let coordinator = try CoordinatorProcess(dataDirectory: directory.file("data"))
    XCTAssertEqual(try coordinator.http.get("/data-tables").text, "[]")
    let before = try peakBytes(coordinator.process)
    let row = Array((String(repeating: "0123456789", count: 100) + ",\"a, b\"\n").utf8)
    let piece = Array(repeatElement(row, count: 500).joined())
    let pieces = 128
    let head = Array("x,y\n".utf8)
    let stream = try TCPStream(port: coordinator.httpPort)
    try stream.write(
      "POST /data-tables?name=large HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        + "Content-Type: text/csv\r\nContent-Length: \(head.count + pieces * piece.count)\r\n\r\n")
    try stream.write(head)
    for _ in 0..<pieces { try stream.write(piece) }
    let answer = String(decoding: try stream.readToEnd(), as: UTF8.self)
    XCTAssertTrue(answer.hasPrefix("HTTP/1.1 201"), answer)
    XCTAssertTrue(answer.contains("\"rows\":64000"), answer)
    let grown = try peakBytes(coordinator.process) - before
    XCTAssertLessThan(grown, pieces * piece.count / 4, "the table went through memory")
    XCTAssertEqual(try coordinator.process.terminate(), 0)
    let again = try CoordinatorProcess(dataDirectory: directory.file("data"))
    XCTAssertEqual(
      try again.http.get("/data-tables/1").json()["rows"]?.intValue, 64_000)
    XCTAssertEqual(
      try FileManager.default.attributesOfItem(atPath: directory.file("data/tables/1.csv"))[.size]
        as? Int, head.count + pieces * piece.count)
  }
}
