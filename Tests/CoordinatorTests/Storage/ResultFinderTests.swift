import Shared
import XCTest

@testable import Coordinator

final class ResultFinderTests: XCTestCase {
  private static let epochMs = BatchFactory.epochMicros / 1_000

  /// Five batches of one lease, a second and 100,000 ids apart from each other.
  private func filled() throws -> StoreFixture {
    let fixture = try StoreFixture.make(for: self)
    try fixture.store.write { db in
      let names = try BatchFactory.strings.map { try NameStore.intern($0, atMs: 1, in: db) }
      let compressor = Zstandard()
      for index in 0..<5 {
        let batch = StoredBatch(
          BatchFactory.realistic(requests: 20, seed: UInt64(index)), names: names,
          lease: fixture.leases[0], firstResultID: Int64(index * 100_000 + 1),
          committedAtMs: Self.epochMs + Int64(index) * 1_000)
        try BatchStore.insert(batch, execution: fixture.execution, compressor: compressor, in: db)
      }
    }
    return fixture
  }

  /// The trace of a result, committed long after it.
  private func trace(
    _ id: Int64, of result: StoredResult, near: Int64, in fixture: StoreFixture
  ) -> TraceRecord {
    TraceRecord(
      id: id, execution: fixture.execution, executionRegion: result.executionRegion,
      chunk: result.chunk, epoch: result.epoch, createdAtMs: Self.epochMs + 10_000,
      nearResultID: near, resource: result.resource,
      trace: TraceRow(
        request: result.request, resource: result.resource.name, method: result.method,
        contentType: result.contentType, url: "", length: 0, packets: ""))
  }

  func test_results_areFound_howeverLongTheirTracesWereHeld() throws {
    let fixture = try filled()
    let results = try fixture.results()
    XCTAssertEqual(results.count, 100)
    for index in [0, 7, 50, 99] {
      let trace = trace(1, of: results[index], near: 400_020, in: fixture)
      XCTAssertEqual(try ResultFinder.find(trace, in: fixture.store)?.id, results[index].id)
    }
  }

  func test_manyTraces_areFoundAtOnce() throws {
    let fixture = try filled()
    let results = try fixture.results()
    let traces = results.enumerated().map {
      trace(Int64($0 + 1), of: $1, near: 400_020, in: fixture)
    }
    let found = try ResultFinder.find(traces, in: fixture.store)
    XCTAssertEqual(found.count, 100)
    for (index, result) in results.enumerated() {
      XCTAssertEqual(found[Int64(index + 1)]?.id, result.id)
    }
  }

  func test_whatIsNotThere_isNotFound() throws {
    let fixture = try filled()
    var result = try fixture.results()[50]
    result.request.client = 999
    let trace = trace(1, of: result, near: 400_020, in: fixture)
    XCTAssertNil(try ResultFinder.find(trace, in: fixture.store))
    XCTAssertEqual(try ResultFinder.find([], in: fixture.store), [:])
  }
}
