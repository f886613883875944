import Foundation
import Shared
import XCTest

@testable import Coordinator

extension APIFixture {
  /// Commits one batch per chunk of an execution.
  ///
  /// - Parameter batch: makes that of a chunk, given its place among the others.
  func commit(
    of execution: Int64, _ batch: (_ place: Int, _ chunk: ChunkRecord) -> ResultBatch
  ) throws {
    let chunks = try store.read { try ChunkStore.list(of: ExecutionID(execution), in: $0) }
    for (place, chunk) in chunks.enumerated() {
      let lease = LeaseKey(chunk: chunk.id, epoch: 1)
      try store.write { db in
        try LedgerStore.grant(
          lease, execution: chunk.execution, executionRegion: chunk.executionRegion,
          agent: "7316fdd5-a620-401f-ae3a-9c9468489ed4", in: db)
      }
      ingester.register(
        lease, execution: chunk.execution, executionRegion: chunk.executionRegion)
      _ = ingester.submit(BatchFactory.line(batch(place, chunk), lease, seq: 1))
    }
    waitUntilCommitted()
  }

  /// Waits until everything that was submitted is in the store.
  func waitUntilCommitted() {
    let done = DispatchSemaphore(value: 0)
    ingester.whenCommitted { done.signal() }
    XCTAssertEqual(done.wait(timeout: .now() + 30), .success)
  }

  /// Changes the record of an execution.
  func change(_ execution: Int64, _ body: (inout ExecutionRecord) -> Void) throws {
    try store.write { db in
      var record = try XCTUnwrap(try ExecutionStore.find(ExecutionID(execution), in: db))
      body(&record)
      XCTAssertTrue(try ExecutionStore.update(record, in: db))
    }
  }

  /// Ids of the regions of an execution in their order.
  func regions(of execution: Int64) throws -> [Int64] {
    try store.read { db in
      try ExecutionRegionStore.list(of: ExecutionID(execution), in: db).map(\.id.rawValue)
    }
  }
}

/// Files that tests read or run.
enum Fixtures {
  static func path(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Fixtures/\(name)").path
  }
}
