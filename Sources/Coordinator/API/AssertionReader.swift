import Shared

/// Reads the assertions of an execution: the results of its tests, then those of its checks, each
/// by ascending ids. In constant memory, while they may grow.
struct AssertionReader {
  private var tests: KeysetSource<SuiteResultRecord>
  private var checks: CheckReader?
  private var window: PageWindow

  /// - Parameter hasChecks: whether there may be any that the filter takes; to read all results for
  ///   nothing would take long.
  init(
    store: Store, filter: SuiteResultStore.Filter, hasChecks: Bool, page: Page = .all
  ) {
    tests = KeysetSource<SuiteResultRecord>(.all, id: \.id) { after, limit in
      try store.read { try SuiteResultStore.list(filter, after: after, limit: limit, in: $0) }
    }
    checks = hasChecks ? CheckReader(store: store, filter: filter) : nil
    window = PageWindow(page)
  }

  /// The next assertions, never none; nil at the end.
  mutating func next() throws -> [SuiteResultRecord]? {
    while !window.isFull {
      guard let found = try tests.next() ?? checks?.next() else { return nil }
      let wanted = window.take(found)
      if !wanted.isEmpty { return wanted }
    }
    return nil
  }
}
