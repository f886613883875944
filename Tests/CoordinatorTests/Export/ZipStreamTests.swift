import Foundation
import Shared
import TestSupport
import XCTest

@testable import Coordinator

final class ZipStreamTests: XCTestCase {
  private static let atMs: Int64 = 1_700_000_000_000

  private func stream(_ entries: [ZipEntry]) -> BodyStream {
    var rest = entries[...]
    return .zip { rest.popFirst() }
  }

  private func entry(_ name: String, _ text: String = "") -> ZipEntry {
    ZipEntry(name, modifiedAtMs: Self.atMs, Array(text.utf8))
  }

  /// Repeats itself only at a distance that deflate does not see.
  private static let noise: [UInt8] = {
    var generator = BatchRandom(seed: 7)
    return (0..<8_192).flatMap { _ in withUnsafeBytes(of: generator.next()) { Array($0) } }
  }()

  /// An entry that comes in pieces of a kibibyte that do not compress.
  private func random(_ name: String, pieces: Int, size: Int64?) -> ZipEntry {
    var count = 0
    return ZipEntry(name, modifiedAtMs: Self.atMs, size: size) {
      guard count < pieces else { return nil }
      defer { count += 1 }
      return Array(Self.noise[(count % 64 * 1_024)...].prefix(1_024))
    }
  }

  func test_noEntries_makeAnEmptyArchive() throws {
    XCTAssertEqual(try ZipReader(stream([]).readAll()).names, [])
  }

  func test_otherPrograms_readWhatWasWritten() throws {
    let bytes = try stream([
      entry("a.txt", "first"), entry("empty"), entry("ä/日本 📈.txt", "umlauts"),
      random("known.bin", pieces: 100, size: 102_400),
      random("unknown.bin", pieces: 100, size: nil),
    ]).readAll()
    let zip = try ZipReader(bytes)
    XCTAssertEqual(zip.names, ["a.txt", "empty", "ä/日本 📈.txt", "known.bin", "unknown.bin"])
    XCTAssertEqual(zip.entries.map(\.size), [5, 0, 7, 102_400, 102_400])
    XCTAssertEqual(zip.entries.map(\.isUTF8), [false, false, true, false, false])
    XCTAssertTrue(zip.entries.allSatisfy(\.isDeflated))
    XCTAssertEqual(zip["a.txt"]?.text, "first")
    XCTAssertEqual(zip["ä/日本 📈.txt"]?.text, "umlauts")
    XCTAssertEqual(zip["known.bin"]?.bytes, zip["unknown.bin"]?.bytes)
    let formatter = DateFormatter()
    formatter.dateFormat = "yyyy-MM-dd'T'HH:mm:ss"
    XCTAssertEqual(
      zip["a.txt"]?.time, formatter.string(from: Date(timeIntervalSince1970: 1_700_000_000)))
    let directory = try TemporaryDirectory()
    XCTAssertEqual(
      try ZipReader.unpack(bytes, to: directory),
      ["a.txt", "empty", "known.bin", "unknown.bin", "ä/日本 📈.txt"])
    XCTAssertEqual(try directory.read("out/ä/日本 📈.txt"), "umlauts")
  }

  /// More entries than the old end of an archive can count.
  func test_manyEntries_needZip64() throws {
    var count = 0
    let bytes = try BodyStream.zip {
      count += 1
      let text = count == 70_000 ? "the last" : ""
      return count <= 70_000 ? self.entry("\(count)", text) : nil
    }.readAll()
    let directory = try TemporaryDirectory()
    let path = directory.file("many.zip")
    try Data(bytes).write(to: URL(filePath: path))
    try ChildProcess.run("unzip", ["-tqq", path])
    let program = """
      import sys, zipfile
      archive = zipfile.ZipFile(sys.argv[1])
      print(len(archive.namelist()), archive.namelist()[-1], archive.read("70000").decode())
      """
    XCTAssertEqual(
      try ChildProcess.run("python3", ["-c", program, path]), "70000 70000 the last\n")
  }

  func test_entries_areAskedForOnlyWhenTheirTurnComes() throws {
    var asked = 0
    let stream = BodyStream.zip {
      asked += 1
      return asked <= 100 ? self.random("\(asked)", pieces: 64, size: 65_536) : nil
    }
    XCTAssertEqual(asked, 0)
    var buffer = [UInt8](repeating: 0, count: 100_000)
    var total = 0
    while total < 1_000_000 {
      let count = try buffer.withUnsafeMutableBytes { try stream.read(into: $0) }
      total += count
      // libarchive holds 64 KiB at most, and a piece as much again.
      XCTAssertLessThanOrEqual(asked, total / 65_536 + 4)
    }
  }

  func test_slowReading_keepsNothingInMemory() throws {
    let stream = stream([random("big", pieces: 65_536, size: nil)])
    var buffer = [UInt8](repeating: 0, count: 32_768)
    func read(_ bytes: Int) throws {
      var total = 0
      while total < bytes {
        let count = try buffer.withUnsafeMutableBytes { try stream.read(into: $0) }
        if count == 0 { break }
        total += count
      }
    }
    try read(4 << 20)
    let before = ProcessMemory.residentBytes()
    try read(40 << 20)
    let after = ProcessMemory.residentBytes()
    XCTAssertLessThan(after - before, 8 << 20)
  }

  func test_error_cutsTheArchiveOff() throws {
    struct Broken: Error {}
    var count = 0
    let stream = BodyStream.zip {
      count += 1
      if count == 3 { throw Broken() }
      return self.random("\(count)", pieces: 100, size: 102_400)
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 32_768)
    XCTAssertThrowsError(
      try {
        while true {
          let count = try buffer.withUnsafeMutableBytes { try stream.read(into: $0) }
          if count == 0 { return }
          bytes += buffer.prefix(count)
        }
      }()
    ) { XCTAssertTrue($0 is Broken) }
    XCTAssertGreaterThan(bytes.count, 102_400)
    XCTAssertThrowsError(try ZipReader(bytes), "nobody takes it for whole")
  }

  func test_contentOfAnotherSizeThanWasSaid_isAnError() {
    XCTAssertThrowsError(try stream([random("short", pieces: 1, size: 1_025)]).readAll())
    XCTAssertThrowsError(try stream([random("long", pieces: 2, size: 2_047)]).readAll())
  }
}
