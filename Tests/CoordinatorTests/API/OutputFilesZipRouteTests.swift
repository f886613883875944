import Foundation
import Shared
import TestSupport
import XCTest

@testable import Coordinator

final class OutputFilesZipRouteTests: XCTestCase {
  private var fixture: APIFixture!
  private var id: Int64 = 0

  override func setUpWithError() throws {
    fixture = try APIFixture()
    id = try fixture.makeExecution()
  }

  override func tearDown() {
    fixture = nil
  }

  /// Commits files twice, once per region.
  private func commit(_ files: [FilePart]) throws {
    var records = RunRecords()
    records.files = files
    try fixture.commitResults(of: id, perRegion: 1, records: records)
  }

  private func zip(_ query: String = "") throws -> ZipReader {
    let answer = try fixture.call("GET", "/executions/\(id)/output-files.zip\(query)")
    XCTAssertEqual(answer.status, 200, answer.text)
    XCTAssertEqual(answer.header("Content-Type"), "application/zip")
    XCTAssertEqual(
      answer.header("Content-Disposition"),
      "attachment; filename=\"execution-\(id)-output-files.zip\"")
    return try ZipReader(answer.body)
  }

  private func file(
    _ number: UInt32, _ name: String, client: UInt32, iteration: UInt32, _ text: String
  ) -> FilePart {
    var part = RecordFactory.file(number, name, bytes: Array(text.utf8))
    part.metadata.moment = ClientMoment(client: client, iteration: iteration)
    return part
  }

  func test_files_lieInFoldersOfClientsAndIterations() throws {
    try commit([
      file(0, "filexxx.txt", client: 0, iteration: 0, "one"),
      file(1, "fileyyy.png", client: 0, iteration: 1, "two"),
      file(2, "filexxx.txt", client: 12, iteration: 0, "three"),
    ])
    let zip = try zip()
    XCTAssertEqual(
      zip.names,
      [
        "user-0/iteration-0/filexxx.txt", "user-0/iteration-1/fileyyy.png",
        "user-12/iteration-0/filexxx.txt", "user-0/iteration-0/filexxx-2.txt",
        "user-0/iteration-1/fileyyy-2.png", "user-12/iteration-0/filexxx-2.txt",
      ])
    XCTAssertEqual(zip["user-12/iteration-0/filexxx.txt"]?.text, "three")
    XCTAssertEqual(
      try self.zip("?flat=true").names,
      [
        "filexxx.txt", "fileyyy.png", "filexxx-2.txt", "filexxx-3.txt", "fileyyy-2.png",
        "filexxx-4.txt",
      ])
    XCTAssertEqual(try self.zip("?client=12").names.count, 2)
  }

  func test_everyFilter_narrowsAsInTheList() throws {
    try commit([
      file(0, "a.png", client: 1, iteration: 2, "a"),
      file(1, "b.txt", client: 4, iteration: 0, "b"),
    ])
    let region = try XCTUnwrap(
      fixture.call("GET", "/executions/\(id)/output-files").array()[0]["executionRegionId"]?
        .intValue)
    let at = RecordFactory.at / 1_000
    for query in [
      "limit=1", "offset=3", "limit=2&offset=1", "since=\(at)", "since=\(at + 1)", "until=\(at)",
      "until=\(at + 1)", "contentType=image%2Fpng", "contentType=text%2Fplain", "agent=1",
      "regions=\(region)", "client=4", "iteration=2", "failuresOnly=true", "limit=-1",
    ] {
      let list = try fixture.call("GET", "/executions/\(id)/output-files?\(query)").array()
      let data = try zip("?flat=true&\(query)").entries.map(\.text)
      XCTAssertEqual(
        data, list.map { $0["name"] == .string("a.png") ? "a" : "b" }, query)
    }
    XCTAssertEqual(
      try fixture.call(
        "GET", "/executions/\(id)/output-files.zip?flat=yes&client=x&nonsense=1"
      ).badFields().sorted(), ["client", "flat", "nonsense"])
    XCTAssertEqual(try fixture.call("GET", "/executions/999/output-files.zip").status, 404)
    XCTAssertEqual(try fixture.call("HEAD", "/executions/\(id)/output-files.zip").status, 200)
    XCTAssertEqual(
      try fixture.call("GET", "/executions/\(id)/output-files?flat=true").badFields(), ["flat"])
  }

  func test_noFiles_makeAnEmptyArchive() throws { XCTAssertEqual(try zip().names, []) }

  func test_hostileNames_unpackWithinTheirFolder() throws {
    let names =
      [
        "../../etc/passwd", "a/b\\c", "CON", String(repeating: "é", count: 125) + ".png", "📈.svg",
        "line\nbreak.txt", "Case.txt", "case.TXT", "..", "trailing. ", "nul.txt",
      ] + Array(repeating: "same.png", count: 50)
    try commit(
      names.indices.map { file(UInt32($0), "n\($0)", client: 0, iteration: 0, "\($0)") })
    // Coming in, the worst of them are refused; the archive must not rely on that.
    try fixture.store.write { db in
      for (index, name) in names.enumerated() {
        try db.run(
          "UPDATE output_files SET name = ? WHERE name = ?", .text(name), .text("n\(index)"))
      }
    }
    for query in ["", "?flat=true"] {
      let zip = try zip(query)
      guard zip.entries.count == 2 * names.count else { return XCTFail("\(zip.names)") }
      let paths = zip.names.map { $0.components(separatedBy: "/") }
      XCTAssertTrue(paths.allSatisfy { $0.count == (query.isEmpty ? 3 : 1) })
      let own = paths.compactMap(\.last)
      XCTAssertEqual(Set(own.map { $0.uppercased() }).count, own.count)
      for name in own {
        XCTAssertLessThanOrEqual(name.utf8.count, SafeName.bytesMax)
        XCTAssertNil(name.unicodeScalars.first { $0.value < 32 || "\\:".contains(Character($0)) })
        XCTAssertFalse(name == ".." || name.hasSuffix(".") || name.hasSuffix(" "), name)
        XCTAssertFalse(["CON", "NUL.TXT"].contains(name.uppercased()), name)
      }
      for name in [".._.._etc_passwd", "a_b_c", "_CON", "📈.svg", "same-50.png", "case-2.TXT"] {
        XCTAssertTrue(own.contains(name), "\(name) is not among \(own)")
      }
      XCTAssertEqual(zip.entries[names.count - 1].text, "\(names.count - 1)")
    }
    let directory = try TemporaryDirectory()
    let bytes = try fixture.call("GET", "/executions/\(id)/output-files.zip").body
    XCTAssertEqual(try ZipReader.unpack(bytes, to: directory), try zip().names.sorted())
  }

  func test_whatIsNotThereAnyMore_isNamed_andDoesNotKeepBackTheOthers() throws {
    try commit([
      file(0, "gone.txt", client: 0, iteration: 0, "gone"),
      file(1, "short.txt", client: 0, iteration: 0, "short"),
      file(2, "there.txt", client: 0, iteration: 0, "there"),
    ])
    let list = try fixture.call("GET", "/executions/\(id)/output-files?limit=3").array()
    let ids = try list.map { Int64(try XCTUnwrap($0["id"]?.intValue)) }
    let files = fixture.store.outputFiles
    files.remove(ids[0], of: ExecutionID(id))
    try Data("sh".utf8).write(
      to: URL(filePath: files.path(of: ids[1], execution: ExecutionID(id))))
    let zip = try zip("?limit=3")
    XCTAssertEqual(zip.names, ["user-0/iteration-0/there.txt", "missing-files.txt"])
    XCTAssertEqual(
      zip["missing-files.txt"]?.text,
      """
      user-0/iteration-0/gone.txt: file \(ids[0]) was deleted meanwhile
      user-0/iteration-0/short.txt: file \(ids[1]) is damaged: 2 of 5 bytes are there

      """)
  }

  func test_largeFile_comesWhole() throws {
    let bytes = (0..<Limits.filePartBytesMax).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 5) }
    try commit(
      (0..<8).map { RecordFactory.file(0, "big.bin", part: $0, isLast: $0 == 7, bytes: bytes) })
    let zip = try zip("?limit=1")
    XCTAssertEqual(zip.entries.map(\.size), [8 * bytes.count])
    let half = try fixture.call("GET", "/output-files/1/download").body
    XCTAssertEqual(half.count, 8 * bytes.count)
  }
}
