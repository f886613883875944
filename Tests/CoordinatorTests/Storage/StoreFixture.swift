import Foundation
import Shared
import XCTest

@testable import Coordinator

/// A store in a directory of its own, with one execution of two regions in it.
final class StoreFixture {
  let directory: String
  let store: Store
  let execution: ExecutionID
  let regions: [ExecutionRegionID]
  /// One lease per region, granted to agents `agent-0` and `agent-1`.
  let leases: [LeaseKey]

  init() throws {
    directory = NSTemporaryDirectory() + "throng-store-\(UUID().uuidString)"
    store = try Store(path: directory)
    (execution, regions, leases) = try store.write { db in try Self.populate(db) }
  }

  /// Removes the directory at the end of a test.
  static func make(for test: XCTestCase) throws -> StoreFixture {
    let fixture = try StoreFixture()
    let directory = fixture.directory
    test.addTeardownBlock { try? FileManager.default.removeItem(atPath: directory) }
    return fixture
  }

  static let goal = LoadGoal(iterations: 5, durationSecs: nil)

  static func script(name: String = "script") -> ScriptRecord {
    ScriptRecord(
      id: ScriptID(0), createdAtMs: 1, updatedAtMs: 2, name: name, kind: .steps,
      content: #"{"steps":[]}"#, initContent: nil, teardownContent: "x")
  }

  static func configuration(script: ScriptID) -> TestConfigurationRecord {
    TestConfigurationRecord(
      id: TestConfigurationID(0), createdAtMs: 1, updatedAtMs: 2, name: "configuration",
      script: script, regions: [RegionShare(name: "east", concurrentClients: 3)], goal: goal,
      iterationSleepSecs: 0.5, rampupSecs: 2, manualStart: true, scriptParams: #"{"a":1}"#,
      http: HTTPSettings(
        version: .http2, verifyTLS: false, caPEM: "pem", reusesConnections: false, userAgent: "me/1"
      ))
  }

  static func execution(
    _ configuration: TestConfigurationRecord, createdAtMs: Int64 = 10
  ) -> ExecutionRecord {
    ExecutionRecord(
      id: ExecutionID(0), createdAtMs: createdAtMs, updatedAtMs: createdAtMs,
      configuration: configuration.id, script: configuration.script,
      scriptPayload: ScriptPayload(kind: .steps, content: "{}"), goal: configuration.goal,
      iterationSleepSecs: 0, rampupSecs: 0, manualStart: false, scriptParams: "{}",
      http: configuration.http, concurrentClients: 3)
  }

  private static func populate(
    _ db: Database
  ) throws -> (ExecutionID, [ExecutionRegionID], [LeaseKey]) {
    let script = try ScriptStore.insert(script(), in: db)
    let configuration = try TestConfigurationStore.insert(configuration(script: script.id), in: db)
    let execution = try ExecutionStore.insert(execution(configuration), in: db)
    var regions: [ExecutionRegionID] = []
    var leases: [LeaseKey] = []
    for (position, name) in ["east", "west"].enumerated() {
      let region = try RegionStore.findOrInsert(name: name, atMs: 1, in: db)
      let record = try ExecutionRegionStore.insert(
        ExecutionRegionRecord(
          id: ExecutionRegionID(0), execution: execution.id, createdAtMs: 1, updatedAtMs: 1,
          region: region.id, position: position, concurrentClients: 3, firstClient: position * 3),
        in: db)
      let chunk = try ChunkStore.insert(
        ChunkRecord(
          id: ChunkID(0), executionRegion: record.id, execution: execution.id, createdAtMs: 1,
          updatedAtMs: 1, agent: nil, epoch: 1, goal: goal, firstClient: 0, concurrentClients: 3),
        in: db)
      let lease = LeaseKey(chunk: chunk.id, epoch: 1)
      try LedgerStore.grant(
        lease, execution: execution.id, executionRegion: record.id, agent: "agent-\(position)",
        in: db)
      regions.append(record.id)
      leases.append(lease)
    }
    return (execution.id, regions, leases)
  }

  /// Rows of a table.
  func count(_ table: String) throws -> Int {
    try store.read { db in try db.first("SELECT count(*) FROM \(table)") { $0.int(0) } ?? 0 }
  }

  /// Deletes the execution and removes everything of it.
  func deleteAndSweep() throws {
    XCTAssertTrue(try store.delete(execution))
    XCTAssertFalse(try store.delete(execution))
    var sweep = DeletionSweep(store)
    while try sweep.step() {}
  }

  /// All results that a reader gives.
  func results(
    region: ExecutionRegionID? = nil, resource: NameID? = nil, page: Page = .all
  ) throws -> [StoredResult] {
    var reader = ResultReader(
      store: store, execution: execution, region: region, resource: resource, page: page)
    var results: [StoredResult] = []
    while let more = try reader.next() { results += more }
    return results
  }
}
