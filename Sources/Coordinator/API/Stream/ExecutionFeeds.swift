import Foundation
import Shared
import Synchronization

/// The feeds of the executions that anybody watches.
final class ExecutionFeeds: Sendable {
  private struct Entry { weak var feed: ExecutionFeed? }

  private let store: Store
  private let ingester: Ingester
  private let entries = Mutex<[ExecutionID: Entry]>([:])
  private let queue = DispatchQueue(label: "execution-feeds")

  init(store: Store, ingester: Ingester) {
    self.store = store
    self.ingester = ingester
  }

  /// The feed of an execution, which lasts as long as somebody holds it.
  func feed(of execution: ExecutionID) -> ExecutionFeed {
    entries.withLock { entries in
      if let feed = entries[execution]?.feed { return feed }
      entries = entries.filter { $0.value.feed != nil }
      let feed = ExecutionFeed(execution, store: store, ingester: ingester, queue: queue)
      entries[execution] = Entry(feed: feed)
      return feed
    }
  }
}
