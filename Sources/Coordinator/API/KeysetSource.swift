/// Reads a long list by ascending ids while it may grow: in constant memory, nothing is left out
/// and nothing comes twice.
struct KeysetSource<Element> {
  private let fetch: (_ after: Int64, _ limit: Int) throws -> [Element]
  private let id: (Element) -> Int64
  private let pageSize: Int
  private var after: Int64 = 0
  private var window: PageWindow

  /// - Parameter fetch: at most `limit` elements with ids above `after`, by ascending ids.
  init(
    _ page: Page, pageSize: Int = 500, id: @escaping (Element) -> Int64,
    fetch: @escaping (_ after: Int64, _ limit: Int) throws -> [Element]
  ) {
    self.fetch = fetch
    self.id = id
    self.pageSize = pageSize
    window = PageWindow(page)
  }

  /// The next elements, never none; nil at the end.
  mutating func next() throws -> [Element]? {
    while !window.isFull {
      let elements = try fetch(after, pageSize)
      guard let last = elements.last else { return nil }
      after = id(last)
      let wanted = window.take(elements)
      if !wanted.isEmpty { return wanted }
    }
    return nil
  }
}
