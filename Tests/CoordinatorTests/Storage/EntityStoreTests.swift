import Shared
import XCTest

@testable import Coordinator

final class EntityStoreTests: XCTestCase {
  func test_scripts_roundTripAndChange() throws {
    let store = try StoreFixture.make(for: self).store
    try store.write { db in
      var script = try ScriptStore.insert(StoreFixture.script(name: "first"), in: db)
      XCTAssertEqual(try ScriptStore.find(script.id, in: db), script)
      script.name = "renamed"
      script.content = "{}"
      script.initContent = "init"
      XCTAssertTrue(try ScriptStore.update(script, in: db))
      XCTAssertEqual(try ScriptStore.find(script.id, in: db), script)
      XCTAssertFalse(try ScriptStore.isUsed(script.id, in: db))
      XCTAssertTrue(try ScriptStore.delete(script.id, in: db))
      XCTAssertFalse(try ScriptStore.delete(script.id, in: db))
      XCTAssertNil(try ScriptStore.find(script.id, in: db))
    }
  }

  func test_lists_arePagedNewestFirst() throws {
    let store = try StoreFixture.make(for: self).store
    try store.write { db in
      for index in 1...5 {
        _ = try ScriptStore.insert(StoreFixture.script(name: "s\(index)"), in: db)
      }
      let page = try ScriptStore.list(Page(offset: 1, limit: 2), in: db)
      XCTAssertEqual(page.map(\.name), ["s4", "s3"])
      XCTAssertEqual(try ScriptStore.list(Page(offset: 99), in: db), [])
      XCTAssertEqual(try ScriptStore.list(Page(limit: 0), in: db), [])
    }
  }

  func test_configurations_roundTrip_andHoldTheirScript() throws {
    let fixture = try StoreFixture.make(for: self)
    let script = try fixture.store.write { db in
      let script = try ScriptStore.insert(StoreFixture.script(), in: db)
      var configuration = try TestConfigurationStore.insert(
        StoreFixture.configuration(script: script.id), in: db)
      XCTAssertEqual(try TestConfigurationStore.find(configuration.id, in: db), configuration)
      configuration.goal = LoadGoal(iterations: nil, durationSecs: 12.5)
      configuration.regions.append(RegionShare(name: "west", concurrentClients: 1))
      XCTAssertTrue(try TestConfigurationStore.update(configuration, in: db))
      XCTAssertEqual(try TestConfigurationStore.find(configuration.id, in: db), configuration)
      XCTAssertTrue(try ScriptStore.isUsed(script.id, in: db))
      return script.id
    }
    XCTAssertThrowsError(try fixture.store.write { db in try ScriptStore.delete(script, in: db) }) {
      XCTAssertEqual(($0 as? DatabaseError)?.isConstraint, true)
    }
  }

  func test_regionNames_areUnique() throws {
    let store = try StoreFixture.make(for: self).store
    let east = try store.write { db in
      try RegionStore.findOrInsert(name: "east", atMs: 99, in: db)
    }
    XCTAssertEqual(east.createdAtMs, 1)
    XCTAssertThrowsError(try store.write { db in try RegionStore.insert(east, in: db) }) {
      XCTAssertEqual(($0 as? DatabaseError)?.isConstraint, true)
    }
    try store.write { db in
      var changed = east
      changed.latitude = 39.0436
      changed.description = "East"
      XCTAssertTrue(try RegionStore.update(changed, in: db))
      XCTAssertEqual(try RegionStore.find(name: "east", in: db), changed)
      XCTAssertEqual(try RegionStore.list(in: db).map(\.name), ["east", "west"])
    }
  }

  func test_agents_keepTheirIdWhenTheyComeAgain() throws {
    let store = try StoreFixture.make(for: self).store
    try store.write { db in
      var agent = AgentRecord(
        id: AgentID(0), createdAtMs: 5, updatedAtMs: 5, uuid: "u-1", name: "a", region: "east",
        capacity: 10, version: "1", lastHeartbeatMs: 5)
      let first = try AgentStore.upsert(agent, in: db)
      agent.createdAtMs = 9
      agent.updatedAtMs = 9
      agent.name = "b"
      let second = try AgentStore.upsert(agent, in: db)
      XCTAssertEqual(second.id, first.id)
      XCTAssertEqual(second.createdAtMs, 5)
      XCTAssertEqual(second.name, "b")
      try AgentStore.setLastHeartbeat(uuid: "u-1", atMs: 77, in: db)
      XCTAssertEqual(try AgentStore.find(first.id, in: db)?.lastHeartbeatMs, 77)
      XCTAssertEqual(try AgentStore.list(in: db).count, 1)
    }
  }

  func test_executions_roundTripThroughTheirLife() throws {
    let fixture = try StoreFixture.make(for: self)
    try fixture.store.write { db in
      var record = try XCTUnwrap(try ExecutionStore.find(fixture.execution, in: db))
      XCTAssertEqual(try ExecutionStore.unfinished(in: db), [record])
      record.running = true
      record.allocated = true
      record.startedAtMs = 20
      record.finishedAtMs = 30
      record.cancelledByUser = true
      record.completed = true
      record.summaryCalculated = true
      record.limitBreached = true
      record.failure = "lost"
      record.goal.iterations = 9
      XCTAssertTrue(try ExecutionStore.update(record, in: db))
      XCTAssertEqual(try ExecutionStore.find(fixture.execution, in: db), record)
      XCTAssertEqual(try ExecutionStore.unfinished(in: db), [])

      var region = try XCTUnwrap(
        try ExecutionRegionStore.list(of: fixture.execution, in: db).first)
      region.running = true
      region.startedAtMs = 3
      XCTAssertTrue(try ExecutionRegionStore.update(region, in: db))
      XCTAssertEqual(try ExecutionRegionStore.find(region.id, in: db), region)

      var chunk = try XCTUnwrap(try ChunkStore.list(of: fixture.execution, in: db).first)
      chunk.agent = "u-1"
      chunk.epoch = 2
      chunk.completed = true
      XCTAssertTrue(try ChunkStore.update(chunk, in: db))
      XCTAssertEqual(try ChunkStore.find(chunk.id, in: db), chunk)
    }
  }

  func test_executionLists_filterByConfigurationAndCreation() throws {
    let store = try StoreFixture.make(for: self).store
    try store.write { db in
      let script = try ScriptStore.insert(StoreFixture.script(), in: db)
      let configuration = try TestConfigurationStore.insert(
        StoreFixture.configuration(script: script.id), in: db)
      for time in [100, 200, 300] as [Int64] {
        _ = try ExecutionStore.insert(
          StoreFixture.execution(configuration, createdAtMs: time), in: db)
      }
      let filter = ExecutionStore.Filter(configuration: configuration.id)
      XCTAssertEqual(
        try ExecutionStore.list(filter, in: db).map(\.createdAtMs), [300, 200, 100])
      XCTAssertEqual(
        try ExecutionStore.list(filter, Page(offset: 1, limit: 1), in: db).map(\.createdAtMs),
        [200])
      let range = ExecutionStore.Filter(fromMs: 10, toMs: 200)
      XCTAssertEqual(try ExecutionStore.list(range, in: db).map(\.createdAtMs), [200, 100, 10])
    }
  }

  func test_logs_areListedBothWays() throws {
    let fixture = try StoreFixture.make(for: self)
    try fixture.store.write { db in
      for index in 1...4 {
        let record = LogRecord(
          id: 0, execution: fixture.execution, createdAtMs: 1, updatedAtMs: 1,
          loggedAtMs: Int64(index), level: "Info", message: "m\(index)", isSystem: index % 2 == 0)
        XCTAssertGreaterThan(try LogStore.insert(record, in: db).id, 0)
      }
      func messages(_ ascending: Bool, _ systemOnly: Bool, _ page: Page) throws -> [String] {
        try LogStore.list(
          of: fixture.execution, ascending: ascending, systemOnly: systemOnly, page, in: db
        ).map(\.message)
      }
      XCTAssertEqual(try messages(true, false, .all), ["m1", "m2", "m3", "m4"])
      XCTAssertEqual(try messages(false, false, Page(limit: 2)), ["m4", "m3"])
      XCTAssertEqual(try messages(true, true, .all), ["m2", "m4"])
      XCTAssertEqual(try LogStore.count(of: fixture.execution, systemOnly: false, in: db), 4)
    }
  }

  func test_names_areStoredOnce() throws {
    let store = try StoreFixture.make(for: self).store
    try store.write { db in
      let first = try NameStore.intern("GET /a", atMs: 4, in: db)
      XCTAssertEqual(try NameStore.intern("GET /a", atMs: 9, in: db), first)
      XCTAssertNotEqual(try NameStore.intern("GET /b", atMs: 9, in: db), first)
      XCTAssertEqual(
        try NameStore.find(first, in: db), NameRecord(id: first, createdAtMs: 4, name: "GET /a"))
    }
  }

  func test_ledger_roundTripsItsCursor() throws {
    let fixture = try StoreFixture.make(for: self)
    let lease = fixture.leases[0]
    try fixture.store.write { db in
      var cursor = BatchLedger.Cursor()
      cursor.nextSeq = 4
      cursor.rows = 12
      cursor.iterations = 3
      cursor.digest = .max
      cursor.recent = [1, .max, 0xdead_beef]
      XCTAssertTrue(try LedgerStore.advance(lease, to: cursor, in: db))
      try LedgerStore.seal(lease, in: db)
      cursor.isSealed = true
      XCTAssertEqual(try LedgerStore.find(lease, in: db)?.cursor, cursor)
      XCTAssertEqual(try LedgerStore.list(of: fixture.execution, in: db).count, 2)
      let unknown = LeaseKey(chunk: lease.chunk, epoch: 99)
      XCTAssertFalse(try LedgerStore.advance(unknown, to: cursor, in: db))
    }
  }

  func test_deletingAnExecution_leavesNothingOfIt() throws {
    let fixture = try StoreFixture.make(for: self)
    try fixture.store.write { db in
      let batch = StoredBatch(
        BatchFactory.realistic(requests: 3), names: (1...5).map { NameID($0) },
        lease: fixture.leases[0], firstResultID: 1, committedAtMs: 1)
      try BatchStore.insert(batch, execution: fixture.execution, compressor: Zstandard(), in: db)
      try AggregateStore.save(IntervalAggregator(execution: fixture.execution), in: db)
    }
    try fixture.deleteAndSweep()
    for table in [
      "executions", "execution_regions", "chunks", "ledger", "batches", "aggregates", "logs",
    ] {
      XCTAssertEqual(try fixture.count(table), 0, table)
    }
  }
}
