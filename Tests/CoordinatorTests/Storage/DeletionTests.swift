import Foundation
import Shared
import TestSupport
import XCTest

@testable import Coordinator

final class DeletionTests: XCTestCase {
  /// An execution of three rows in every table, and one like it beside.
  private func filled(
    rows: Int = 3
  ) throws -> (StoreFixture, other: ExecutionID, TableFiller) {
    let fixture = try StoreFixture.make(for: self)
    let other = try fixture.store.write { db in
      let record = try XCTUnwrap(try ExecutionStore.find(fixture.execution, in: db))
      return try ExecutionStore.insert(record, in: db).id
    }
    var filler = try TableFiller(fixture.store)
    for execution in [fixture.execution, other] { try filler.fill(execution, rows: rows) }
    for table in try filler.tables() {
      XCTAssertGreaterThan(try filler.count(table, of: fixture.execution), 0, table)
    }
    return (fixture, other, filler)
  }

  func test_sweep_leavesNothingInAnyTable_andNothingElseGoes() throws {
    let (fixture, other, filler) = try filled()
    let before = try filler.tables().map { try filler.count($0, of: other) }
    XCTAssertGreaterThanOrEqual(before.count, 11)
    try fixture.deleteAndSweep()
    for table in try filler.tables() {
      XCTAssertEqual(try filler.count(table, of: fixture.execution), 0, table)
    }
    XCTAssertEqual(try filler.tables().map { try filler.count($0, of: other) }, before)
    XCTAssertEqual(try fixture.count("deletions"), 0)
    XCTAssertNotNil(try fixture.store.read { try ExecutionStore.find(other, in: $0) })
  }

  func test_deletedExecution_isGoneBeforeItsRowsAre() throws {
    let (fixture, other, filler) = try filled()
    XCTAssertTrue(try fixture.store.delete(fixture.execution))
    XCTAssertEqual(try filler.count("batches", of: fixture.execution), 3)
    XCTAssertEqual(try filler.count("ledger", of: fixture.execution), 0, "nothing more is taken")
    try fixture.store.read { db in
      XCTAssertFalse(try ExecutionStore.exists(fixture.execution, in: db))
      XCTAssertNil(try ExecutionStore.find(fixture.execution, in: db))
      XCTAssertEqual(try ExecutionStore.list(in: db).map(\.id), [other])
      XCTAssertEqual(try ExecutionStore.unfinished(in: db).map(\.id), [other])
      for file in try self.ids("output_files", of: fixture.execution, in: db) {
        XCTAssertNil(try OutputFileStore.find(file, in: db))
      }
    }
    XCTAssertFalse(try fixture.store.delete(fixture.execution))
  }

  private func ids(_ table: String, of execution: ExecutionID, in db: Database) throws -> [Int64] {
    let ids = try db.rows("SELECT id FROM \(table) WHERE execution = ?", .id(execution)) {
      $0.int64(0)
    }
    XCTAssertEqual(ids.count, 3)
    return ids
  }

  func test_configurationAndScript_goBeforeTheRowsOfTheirExecution() throws {
    let fixture = try StoreFixture.make(for: self)
    let (configuration, script) = try fixture.store.read { db in
      let record = try XCTUnwrap(try ExecutionStore.find(fixture.execution, in: db))
      return (record.configuration, record.script)
    }
    XCTAssertTrue(try fixture.store.delete(fixture.execution))
    XCTAssertEqual(try fixture.count("chunks"), 2)
    try fixture.store.write { db in
      XCTAssertTrue(try TestConfigurationStore.delete(configuration, in: db))
      XCTAssertFalse(try ScriptStore.isUsed(script, in: db))
      XCTAssertTrue(try ScriptStore.delete(script, in: db))
    }
    var sweep = DeletionSweep(fixture.store)
    while try sweep.step() {}
    XCTAssertEqual(try fixture.count("chunks"), 0)
    let violations = try fixture.store.read { db in
      try db.rows("PRAGMA foreign_key_check") { $0.text(0) }
    }
    XCTAssertEqual(violations, [])
  }

  func test_foreignKeys_holdAgainAfterADeletion() throws {
    let fixture = try StoreFixture.make(for: self)
    XCTAssertTrue(try fixture.store.delete(fixture.execution))
    XCTAssertThrowsError(
      try fixture.store.write { db in
        try LogStore.insert(
          LogRecord(
            id: 0, execution: fixture.execution, createdAtMs: 1, updatedAtMs: 1, loggedAtMs: 1,
            level: "Info", message: "too late", isSystem: true), in: db)
      })
  }

  func test_restart_goesOnWhereTheEarlierProcessStopped() throws {
    var (fixture, other, filler): (StoreFixture?, ExecutionID, TableFiller?) = try filled(rows: 100)
    let directory = try XCTUnwrap(fixture).directory
    let execution = try XCTUnwrap(fixture).execution
    try XCTUnwrap(fixture).store.outputFilesForTest(of: execution)
    XCTAssertEqual(try XCTUnwrap(fixture).store.delete(execution), true)
    var sweep: DeletionSweep? = DeletionSweep(try XCTUnwrap(fixture).store, stepNanosMax: 0)
    for _ in 0..<5 { XCTAssertEqual(try sweep?.step(), true) }
    let left = try XCTUnwrap(filler).tables().map { try filler?.count($0, of: execution) ?? 0 }
    XCTAssertGreaterThan(left.reduce(0, +), 100)
    // Everything that holds the directory goes.
    (fixture, filler, sweep) = (nil, nil, nil)
    let store = try Store(path: directory)
    let sweeper = DeletionSweeper(store: store)
    sweeper.start()
    try Poll.until("everything is removed") {
      try store.read { db in try DeletionStore.next(in: db) } == nil
    }
    sweeper.stop()
    let after = try TableFiller(store)
    for table in try after.tables() {
      XCTAssertEqual(try after.count(table, of: execution), 0, table)
      XCTAssertGreaterThan(try after.count(table, of: other), 0, table)
    }
    XCTAssertFalse(
      FileManager.default.fileExists(atPath: store.outputFiles.path(of: execution)))
  }

  func test_sweeper_isToldOfDeletions_andStopsBetweenSteps() throws {
    let (fixture, other, _) = try filled(rows: 200)
    let sweeper = DeletionSweeper(store: fixture.store)
    sweeper.start()
    for execution in [fixture.execution, other] {
      XCTAssertTrue(try fixture.store.delete(execution))
    }
    try Poll.until("both are removed") {
      try fixture.store.read { db in try DeletionStore.next(in: db) } == nil
    }
    sweeper.stop()
    sweeper.stop()
    XCTAssertEqual(try fixture.count("logs"), 0)
  }

  func test_stepWithoutTime_isOneStatement() throws {
    let (fixture, _, filler) = try filled(rows: 50)
    XCTAssertTrue(try fixture.store.delete(fixture.execution))
    var sweep = DeletionSweep(fixture.store, stepNanosMax: 0)
    var steps = 0
    while try sweep.step() { steps += 1 }
    XCTAssertGreaterThan(steps, try filler.tables().count)
  }

  func test_spaceOfDeletedRows_isUsedAgain() throws {
    let fixture = try StoreFixture.make(for: self)
    var next: Int64 = 1
    func fill(_ execution: ExecutionID) throws -> Int {
      for seed in 0..<20 {
        try fixture.store.write { db in
          let batch = StoredBatch(
            BatchFactory.realistic(requests: 2_000, seed: UInt64(seed)),
            names: (1...5).map { NameID($0) }, lease: fixture.leases[0], firstResultID: next,
            committedAtMs: 1)
          try BatchStore.insert(batch, execution: execution, compressor: Zstandard(), in: db)
          next = batch.lastResultID + 1
        }
      }
      return try fixture.store.read { db in
        try db.first("PRAGMA page_count") { $0.int(0) } ?? 0
      }
    }
    let record = try fixture.store.read { db in try ExecutionStore.find(fixture.execution, in: db) }
    let second = try fixture.store.write { db in
      try ExecutionStore.insert(try XCTUnwrap(record), in: db).id
    }
    let pages = try fill(fixture.execution)
    try fixture.deleteAndSweep()
    XCTAssertLessThanOrEqual(try fill(second), pages + 2)
  }
}

extension Store {
  /// Writes a content as if a script had.
  fileprivate func outputFilesForTest(of execution: ExecutionID) throws {
    var writer = OutputFileWriter(outputFiles)
    try writer.write([1, 2, 3], at: 0, to: 1, of: execution)
    try writer.sync()
  }
}
