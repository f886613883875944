import Foundation
import Shared
import XCTest

@testable import Coordinator

final class StoreTests: XCTestCase {
  private var directory = ""

  override func setUp() {
    directory = NSTemporaryDirectory() + "throng-store-\(UUID().uuidString)"
  }

  override func tearDown() { try? FileManager.default.removeItem(atPath: directory) }

  func test_missingDirectories_areMade() throws {
    let store = try Store(path: directory + "/a/b")
    XCTAssertTrue(FileManager.default.fileExists(atPath: directory + "/a/b/throng.db"))
    XCTAssertEqual(store.generation, 1)
  }

  func test_generation_risesWithEveryOpening() throws {
    for generation in Int64(1)...3 {
      let store = try Store(path: directory)
      XCTAssertEqual(store.generation, generation)
      XCTAssertFalse(store.wasRestored)
      let beside = try String(contentsOfFile: directory + "/generation", encoding: .utf8)
      XCTAssertTrue(beside.hasPrefix("\(generation) "), beside)
    }
  }

  func test_databaseOlderThanTheCounterBesideIt_isRecognised() throws {
    _ = try Store(path: directory)
    try "41\n".write(toFile: directory + "/generation", atomically: true, encoding: .utf8)
    XCTAssertTrue(try Store(path: directory).wasRestored)
  }

  func test_garbageAsCounter_isRefused() throws {
    _ = try Store(path: directory)
    for text in ["", "x", "7x", "-1 5", "7 y", "7 8 9"] {
      try text.write(toFile: directory + "/generation", atomically: true, encoding: .utf8)
      XCTAssertThrowsError(try Store(path: directory), text) {
        XCTAssertEqual($0 as? StoreError, .badGeneration(path: directory + "/generation"))
      }
    }
  }

  func test_lostDatabase_isNoticed() throws {
    _ = try Store(path: directory)
    for ending in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: directory + "/throng.db" + ending)
    }
    for _ in 0..<2 {
      XCTAssertThrowsError(try Store(path: directory)) {
        guard case .foreignDatabase = $0 as? StoreError else { return XCTFail("\($0)") }
      }
    }
  }

  func test_checkpoint_leavesNothingInTheLog() throws {
    let store = try Store(path: directory)
    try store.write { db in _ = try RegionStore.findOrInsert(name: "r", atMs: 1, in: db) }
    _ = try store.read { db in try RegionStore.list(Page(limit: 1), in: db) }
    store.checkpoint()
    let attributes = try FileManager.default.attributesOfItem(
      atPath: directory + "/throng.db-wal")
    XCTAssertEqual(attributes[.size] as? Int, 0)
  }

  func test_files_areTheOwnersAlone() throws {
    let before = umask(0)
    defer { umask(before) }
    let store = try Store(path: directory)
    try store.write { db in _ = try RegionStore.findOrInsert(name: "r", atMs: 1, in: db) }
    for name in ["throng.db", "throng.db-wal", "throng.db-shm", "generation", "lock"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: directory + "/" + name)
      XCTAssertEqual(attributes[.posixPermissions] as? Int, 0o600, name)
    }
  }

  func test_directoryInUse_isRefused() throws {
    let store = try Store(path: directory)
    XCTAssertThrowsError(try Store(path: directory)) {
      XCTAssertEqual($0 as? StoreError, .locked(path: directory))
    }
    XCTAssertEqual(store.generation, 1)
  }

  func test_unwritableDirectory_isNamed() throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let file = directory + "/file"
    try "x".write(toFile: file, atomically: true, encoding: .utf8)
    XCTAssertThrowsError(try Store(path: file + "/data")) { error in
      guard case .unwritableDirectory(let path, let reason)? = error as? StoreError else {
        return XCTFail("\(error)")
      }
      XCTAssertEqual(path, file + "/data")
      XCTAssertFalse(reason.isEmpty)
    }
  }

  func test_damagedFile_isNamed() throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let noise = Data((0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    try noise.write(to: URL(fileURLWithPath: directory + "/throng.db"))
    XCTAssertThrowsError(try Store(path: directory)) { error in
      guard case .corrupt(let path, _)? = error as? StoreError else { return XCTFail("\(error)") }
      XCTAssertEqual(path, directory + "/throng.db")
    }
  }

  func test_fileOfANewerVersion_isRefused() throws {
    do {
      let store = try Store(path: directory)
      try store.write { db in try db.execute("PRAGMA user_version = 1000") }
    }
    XCTAssertThrowsError(try Store(path: directory)) { error in
      guard case .newerVersion(_, 1_000, let known)? = error as? StoreError else {
        return XCTFail("\(error)")
      }
      XCTAssertLessThan(known, 1_000)
    }
  }

  func test_writeThatThrows_leavesNothing() throws {
    struct Stop: Error {}
    let store = try Store(path: directory)
    XCTAssertThrowsError(
      try store.write { db in
        _ = try ScriptStore.insert(StoreFixture.script(), in: db)
        throw Stop()
      })
    XCTAssertEqual(try store.read { db in try ScriptStore.list(in: db) }, [])
  }

  func test_readers_cannotWrite() throws {
    let store = try Store(path: directory)
    XCTAssertThrowsError(
      try store.read { db in try ScriptStore.insert(StoreFixture.script(), in: db) })
  }

  func test_reader_seesOneStateThroughout() throws {
    let store = try Store(path: directory)
    try store.read { db in
      XCTAssertEqual(try ScriptStore.list(in: db).count, 0)
      let done = DispatchSemaphore(value: 0)
      DispatchQueue.global().async {
        _ = try? store.write { db in try ScriptStore.insert(StoreFixture.script(), in: db) }
        done.signal()
      }
      done.wait()
      XCTAssertEqual(try ScriptStore.list(in: db).count, 0)
    }
    XCTAssertEqual(try store.read { db in try ScriptStore.list(in: db).count }, 1)
  }

  func test_writersOfManyThreads_takeTurns() throws {
    let store = try Store(path: directory)
    DispatchQueue.concurrentPerform(iterations: 40) { index in
      _ = try? store.write { db in
        try ScriptStore.insert(StoreFixture.script(name: "s\(index)"), in: db)
      }
    }
    let names = try store.read { db in try ScriptStore.list(in: db).map(\.name) }
    XCTAssertEqual(Set(names).count, 40)
  }

  func test_errors_nameTheStatement() throws {
    let store = try Store(path: directory)
    XCTAssertThrowsError(try store.read { db in try db.run("SELECT a FROM nowhere") }) {
      let error = $0 as? DatabaseError
      XCTAssertEqual(error?.sql, "SELECT a FROM nowhere")
      XCTAssertEqual(error?.message, "no such table: nowhere")
    }
  }

  func test_textsAndBlobs_comeBackAsTheyWere() throws {
    let store = try Store(path: directory)
    let text = "a\u{0}b 'quoted' größer 🐝"
    let values = try store.read { db in
      try db.first("SELECT ?, ?, ?, ?", .text(text), .blob([0, 1, 255]), .text(""), .blob([])) {
        ($0.text(0), $0.blob(1), $0.optionalText(2), $0.isNull(3))
      }
    }
    XCTAssertEqual(values?.0, text)
    XCTAssertEqual(values?.1, [0, 1, 255])
    XCTAssertEqual(values?.2, "")
    XCTAssertEqual(values?.3, false)
  }
}
