import Shared
import XCTest

@testable import Coordinator

final class ResultReaderTests: XCTestCase {
  /// Ten batches of 20 requests, of both leases in turn; `GET /a` and `GET /b` in turn.
  private func filled() throws -> (StoreFixture, resources: [NameID]) {
    let fixture = try StoreFixture.make(for: self)
    let names = try fixture.store.write { db in
      let names = try BatchFactory.strings.map { try NameStore.intern($0, atMs: 1, in: db) }
      let compressor = Zstandard()
      // Ids have gaps where batches of other executions came in between.
      for index in 0..<10 {
        let batch = StoredBatch(
          BatchFactory.realistic(requests: 20, seed: UInt64(index)), names: names,
          lease: fixture.leases[index % 2], firstResultID: Int64(index * 100 + 1),
          committedAtMs: Int64(index))
        try BatchStore.insert(batch, execution: fixture.execution, compressor: compressor, in: db)
      }
      return names
    }
    return (fixture, Array(names.prefix(2)))
  }

  func test_results_comeInTheOrderOfTheirIds_withAllThatBelongsToThem() throws {
    let (fixture, _) = try filled()
    let results = try fixture.results()
    XCTAssertEqual(results.count, 200)
    XCTAssertEqual(results.map(\.id), results.map(\.id).sorted())
    XCTAssertEqual(results[21].id, 102)
    XCTAssertEqual(results[21].chunk, fixture.leases[1].chunk)
    XCTAssertEqual(results[21].executionRegion, fixture.regions[1])
    XCTAssertEqual(results[21].agent, "agent-1")
    XCTAssertEqual(results[21].committedAtMs, 1)
    XCTAssertEqual(results[21].resource.name, "GET /b")
    XCTAssertEqual(results[21].method, "GET")
    XCTAssertEqual(results[21].contentType, "text/html")
    XCTAssertEqual(
      results[21].request.startedAtMicros,
      BatchFactory.realistic(requests: 20, seed: 1).requests[1].startedAtMicros)
  }

  func test_pages_areCutFromTheWhole() throws {
    let (fixture, _) = try filled()
    let all = try fixture.results()
    for (offset, limit) in [(0, 1), (0, 0), (19, 2), (20, 20), (55, 100), (199, 5), (200, 5)] {
      XCTAssertEqual(
        try fixture.results(page: Page(offset: offset, limit: limit)),
        Array(all.dropFirst(offset).prefix(limit)), "\(offset), \(limit)")
    }
    XCTAssertEqual(try fixture.results(page: Page(offset: 150)), Array(all.dropFirst(150)))
  }

  func test_filters_leaveOutTheRest_andPagesCountWhatMatches() throws {
    let (fixture, resources) = try filled()
    let all = try fixture.results()
    let east = all.filter { $0.executionRegion == fixture.regions[0] }
    XCTAssertEqual(try fixture.results(region: fixture.regions[0]), east)
    let a = all.filter { $0.resource.id == resources[0] }
    XCTAssertEqual(try fixture.results(resource: resources[0]), a)
    XCTAssertEqual(
      try fixture.results(
        region: fixture.regions[0], resource: resources[0], page: Page(offset: 7, limit: 15)),
      Array(east.filter { $0.resource.id == resources[0] }.dropFirst(7).prefix(15)))
    XCTAssertEqual(try fixture.results(resource: NameID(999)), [])
  }

  func test_mergingWhileReading_changesNothing() throws {
    let (fixture, _) = try filled()
    let all = try fixture.results()
    var reader = ResultReader(store: fixture.store, execution: fixture.execution)
    var results = try reader.next() ?? []
    XCTAssertEqual(results.count, 20)
    let next = try fixture.store.write { db in
      try BatchStore.compact(fixture.execution, from: 0, compressor: Zstandard(), in: db)
    }
    XCTAssertEqual(next, 921)
    XCTAssertEqual(try fixture.count("batches"), 1)
    while let more = try reader.next() { results += more }
    XCTAssertEqual(results, all)
    XCTAssertEqual(try fixture.results(page: Page(offset: 30, limit: 3)), Array(all[30..<33]))
  }

  func test_executionWithoutResults_endsAtOnce() throws {
    let fixture = try StoreFixture.make(for: self)
    var reader = ResultReader(store: fixture.store, execution: fixture.execution)
    XCTAssertNil(try reader.next())
  }
}
