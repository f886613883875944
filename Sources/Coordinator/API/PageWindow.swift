/// The part of a list that a page asks for, of elements that come batch by batch.
struct PageWindow {
  /// Elements still to be left out, and still to be returned (nil for all).
  private var skips: Int
  private var remaining: Int?

  init(_ page: Page) {
    skips = page.offset
    remaining = page.limit
  }

  /// Whether no further element belongs to it.
  var isFull: Bool { remaining == 0 }

  /// Those of the next elements that belong to it.
  mutating func take<Element>(_ elements: [Element]) -> [Element] {
    let left = elements.dropFirst(skips)
    skips -= elements.count - left.count
    let wanted = Array(left.prefix(remaining ?? left.count))
    remaining = remaining.map { $0 - wanted.count }
    return wanted
  }
}
