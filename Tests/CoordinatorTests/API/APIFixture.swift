import Foundation
import Shared
import Synchronization
import XCTest

@testable import Coordinator

/// An API over a real store in a directory of its own, with a controller that only writes records.
final class APIFixture {
  let store: Store
  let ingester: Ingester
  let control: RecordingControl
  let api: API
  private let directory: URL
  /// Live streams end with their executions, which in some tests never end.
  var readsLiveStreams = true

  init() throws {
    directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("throng-api-\(UUID().uuidString)")
    store = try Store(path: directory.path)
    ingester = try Ingester(store: store)
    ingester.start(onCommitted: { _ in }, onRejected: { _, _, _ in })
    control = RecordingControl(store: store)
    api = API(store: store, ingester: ingester, control: control) { APIFixture.nowMs }
  }

  deinit {
    ingester.stop()
    try? FileManager.default.removeItem(at: directory)
  }

  static let nowMs: Int64 = 1_700_000_100_000

  /// Calls a route in memory and reads its whole answer.
  func call(_ method: String, _ target: String, _ body: String = "") throws -> Answer {
    try Answer(
      of: api.handle(HTTPRequest(method, target, body: body)), readsLiveStreams: readsLiveStreams)
  }

  static let stepsScript =
    #"{"name":"Hello","scriptType":"Steps","content":"{\"steps\":[{\"request\":"#
    + #"{\"method\":\"GET\",\"url\":\"http://127.0.0.1:1/\"}}]}"}"#

  /// A script, two regions and a configuration of 3 + 2 clients; returns the configuration's id.
  func makeConfiguration() throws -> Int64 {
    for region in ["north", "south"] {
      _ = try call("POST", "/regions", #"{"name":"\#(region)","description":"The \#(region)"}"#)
    }
    let script = try call("POST", "/scripts", Self.stepsScript).id()
    let body = """
      {"name":"Five clients","scriptId":\(script),"iterations":4,
       "concurrentClients":5,"regions":["north","south"]}
      """
    return try call("POST", "/test-confs", body).id()
  }

  /// An execution of a new configuration; returns its id.
  func makeExecution() throws -> Int64 {
    let configuration = try makeConfiguration()
    return try call("POST", "/test-confs/\(configuration)/executions").id()
  }

  /// Commits one batch per region of an execution: `perRegion` requests each, alternating between
  /// two resources, ten seconds apart.
  ///
  /// - Parameter records: what the scripts of each region say beside that.
  func commitResults(
    of execution: Int64, perRegion: Int, records: RunRecords = RunRecords()
  ) throws {
    let chunks = try store.read { try ChunkStore.list(of: ExecutionID(execution), in: $0) }
    for chunk in chunks {
      let lease = LeaseKey(chunk: chunk.id, epoch: 1)
      try store.write { db in
        try LedgerStore.grant(
          lease, execution: chunk.execution, executionRegion: chunk.executionRegion,
          agent: "7316fdd5-a620-401f-ae3a-9c9468489ed4", in: db)
      }
      ingester.register(
        lease, execution: chunk.execution, executionRegion: chunk.executionRegion)
      let key = BatchKey(chunk: chunk.id, epoch: 1, seq: 1)
      var batch = Self.batch(perRegion, firstClient: chunk.firstClient)
      batch.records = records
      var line: [UInt8] = []
      ResultBatchCodec.encode(batch, key: key, into: &line)
      // The framer hands lines on without their end.
      line.removeLast()
      _ = ingester.submit(line)
    }
    let done = DispatchSemaphore(value: 0)
    ingester.whenCommitted { done.signal() }
    XCTAssertEqual(done.wait(timeout: .now() + 10), .success)
  }

  private static func batch(_ count: Int, firstClient: Int) -> ResultBatch {
    var batch = ResultBatch()
    batch.strings = ["GET http://a/", "=danger()", "GET", "text/html", "status is 200"]
    for index in 0..<count {
      var row = RequestRow()
      row.startedAtMicros = 1_700_000_000_000_000 + Int64(index) * 10_000_000
      row.client = UInt32(firstClient)
      row.iteration = UInt32(index)
      row.resource = UInt32(index % 2)
      row.method = 2
      row.contentType = 3
      row.dnsLookupMicros = 0
      row.connectionOpenMicros = 183
      row.firstReceivedMicros = 5_000
      row.connectionCloseMicros = 5_250
      row.bytesSent = 80
      row.bytesReceived = 240
      row.dataPacketsSent = 1
      row.dataPacketsReceived = 2
      row.status = index % 2 == 0 ? 200 : 404
      row.success = index % 2 == 0
      batch.requests.append(row)
      batch.iterations.append(
        IterationRow(
          startedAtMicros: row.startedAtMicros, durationMicros: 6_000, client: row.client,
          iteration: row.iteration, failed: false))
    }
    batch.checks = [
      CheckCount(name: 4, intervalStartMs: 1_700_000_000_000, passes: Int64(count), fails: 1)
    ]
    return batch
  }
}

/// An answer that is not what the test goes on from.
struct Unexpected: Error { let what: String }

/// What came back.
struct Answer {
  var status: Int
  var headers: [(name: String, value: String)]
  var body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }

  func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  func json() throws -> JSONValue { try JSONValue.parse(body) }

  func object() throws -> JSONObject { try XCTUnwrap(try json().objectValue, text) }

  func array() throws -> [JSONValue] { try XCTUnwrap(try json().arrayValue, text) }

  func id() throws -> Int64 {
    guard case .int(let id)? = try object()["id"] else {
      throw Unexpected(what: "no id in \(text)")
    }
    return id
  }

  /// Names of the bad fields of a problem.
  func badFields() throws -> [String] {
    let errors = try XCTUnwrap(try object()["errors"]?.arrayValue, text)
    return errors.compactMap { $0.objectValue?["field"]?.stringValue }
  }
}

extension Answer {
  /// The whole of a response; nothing of a live stream that is not to be read.
  init(of response: HTTPResponse, readsLiveStreams: Bool = true) throws {
    let bytes: [UInt8] =
      switch response.body {
      case .bytes(let bytes): bytes
      case .stream(let stream):
        try stream.waker == nil || readsLiveStreams ? stream.readAll() : []
      }
    self.init(status: response.status, headers: response.headers, body: bytes)
  }
}

/// A controller that stores what it is asked for and begins nothing.
final class RecordingControl: ExecutionControl {
  private let store: Store
  private let calls = Mutex<[String]>([])
  /// Why nothing can be created at the moment.
  let refusal = Mutex<ControlError?>(nil)

  init(store: Store) { self.store = store }

  var recorded: [String] { calls.withLock { $0 } }

  private func record(_ call: String) { calls.withLock { $0.append(call) } }

  func create(_ configuration: TestConfigurationID) throws -> ExecutionID {
    record("create \(configuration)")
    if let refusal = refusal.withLock({ $0 }) { throw refusal }
    return try store.write { db in
      guard let found = try TestConfigurationStore.find(configuration, in: db),
        let script = try ScriptStore.find(found.script, in: db)
      else { throw ControlError.notFound("no test configuration \(configuration)") }
      let at = APIFixture.nowMs
      var record = ExecutionRecord(
        id: ExecutionID(0), createdAtMs: at, updatedAtMs: at, configuration: configuration,
        script: script.id,
        scriptPayload: ScriptPayload(kind: script.kind, content: script.content),
        goal: found.goal, iterationSleepSecs: found.iterationSleepSecs,
        rampupSecs: found.rampupSecs, manualStart: found.manualStart,
        scriptParams: found.scriptParams, http: found.http,
        concurrentClients: found.regions.reduce(0) { $0 + $1.concurrentClients })
      record.tracing = found.tracing
      record.limits = found.limits.map { LimitState($0) }
      let execution = try ExecutionStore.insert(record, in: db)
      try Self.insertRegions(found, execution, in: db)
      return execution.id
    }
  }

  private static func insertRegions(
    _ configuration: TestConfigurationRecord, _ execution: ExecutionRecord, in db: Database
  ) throws {
    let at = execution.createdAtMs
    var first = 0
    for (position, share) in configuration.regions.enumerated() {
      let place = try RegionStore.findOrInsert(name: share.name, atMs: at, in: db)
      let region = try ExecutionRegionStore.insert(
        ExecutionRegionRecord(
          id: ExecutionRegionID(0), execution: execution.id, createdAtMs: at, updatedAtMs: at,
          region: place.id, position: position, concurrentClients: share.concurrentClients,
          firstClient: first), in: db)
      _ = try ChunkStore.insert(
        ChunkRecord(
          id: ChunkID(0), executionRegion: region.id, execution: execution.id, createdAtMs: at,
          updatedAtMs: at, agent: "7316fdd5-a620-401f-ae3a-9c9468489ed4", epoch: 1,
          goal: configuration.goal, firstClient: first,
          concurrentClients: share.concurrentClients), in: db)
      first += share.concurrentClients
    }
  }

  private func update(
    _ id: ExecutionID, _ body: (inout ExecutionRecord) throws -> Void
  ) throws {
    try store.write { db in
      guard var record = try ExecutionStore.find(id, in: db) else {
        throw ControlError.notFound("no execution \(id)")
      }
      try body(&record)
      _ = try ExecutionStore.update(record, in: db)
    }
  }

  func start(_ execution: ExecutionID) throws {
    record("start \(execution)")
    try update(execution) {
      $0.running = true
      $0.startedAtMs = APIFixture.nowMs
    }
    try store.write { db in
      for var region in try ExecutionRegionStore.list(of: execution, in: db) {
        region.startedAtMs = APIFixture.nowMs
        _ = try ExecutionRegionStore.update(region, in: db)
      }
    }
  }

  func stop(_ execution: ExecutionID) throws {
    record("stop \(execution)")
    try update(execution) {
      $0.running = false
      $0.cancelledByUser = true
      $0.finishedAtMs = APIFixture.nowMs
      $0.completed = true
    }
  }

  func extend(_ execution: ExecutionID, to goal: Extension) throws {
    record("extend \(execution) \(goal)")
    guard case .iterations(let iterations) = goal else {
      throw ControlError.invalid([
        FieldError(field: "newDuration", message: "the test runs for iterations")
      ])
    }
    try update(execution) { $0.goal.iterations = iterations }
  }

  func delete(_ execution: ExecutionID) throws {
    record("delete \(execution)")
    try update(execution) {
      guard $0.completed else { throw ControlError.conflict("the execution is not completed") }
    }
    guard try store.delete(execution) else { throw ControlError.notFound("no such execution") }
  }

  func sendEvent(_ execution: ExecutionID, name: String, contents: String) throws -> Int64 {
    record("event \(execution) \(name) \(contents)")
    let running = try store.read { try ExecutionStore.find(execution, in: $0)?.running }
    guard running == true else { throw ControlError.conflict("the execution is not running") }
    if name == "one too many" { throw ControlError.tooMany("too many events") }
    return 1
  }

  func agents() throws -> [AgentStatus] {
    let record = AgentRecord(
      id: AgentID(3), createdAtMs: 1, updatedAtMs: 2, uuid: "u", name: "a1", region: "north",
      capacity: 100, version: throngVersion, lastHeartbeatMs: 3)
    return [
      AgentStatus(
        record: record, state: .connected, clients: 5,
        health: AgentHealth(loopLagMs: 0.5, cpu: 0.25, rss: 1_000, fds: 12))
    ]
  }
}
