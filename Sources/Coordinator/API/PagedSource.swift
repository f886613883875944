/// Reads a list page by page while it may grow: nothing is left out and nothing comes twice.
struct PagedSource<Element> {
  private let fetch: (Page) throws -> [Element]
  private let pageSize: Int
  private let id: (Element) -> Int64
  private var offset: Int
  private var remaining: Int?
  /// Newcomers at the beginning of a list move what was read already into the next page.
  private var seen: Set<Int64> = []

  init(
    _ page: Page, pageSize: Int = 500, id: @escaping (Element) -> Int64,
    fetch: @escaping (Page) throws -> [Element]
  ) {
    self.pageSize = pageSize
    self.fetch = fetch
    self.id = id
    offset = page.offset
    remaining = page.limit
  }

  /// The next elements, never none; nil at the end.
  mutating func next() throws -> [Element]? {
    while remaining != 0 {
      // Whole pages even when less is wanted: a list that grows by one element a page would
      // fill smaller ones with what was read already, for ever.
      let page = try fetch(Page(offset: offset, limit: pageSize))
      if page.isEmpty { return nil }
      offset += page.count
      let unseen = page.filter { seen.insert(id($0)).inserted }
      let fresh = Array(unseen.prefix(remaining ?? unseen.count))
      remaining = remaining.map { $0 - fresh.count }
      if !fresh.isEmpty { return fresh }
    }
    return nil
  }
}
