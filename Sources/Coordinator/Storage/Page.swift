/// Which part of a list is wanted.
public struct Page: Sendable, Equatable {
  /// Elements to leave out at the beginning, at least 0.
  public var offset: Int
  /// Most elements to return; nil for all.
  public var limit: Int?

  public init(offset: Int = 0, limit: Int? = nil) {
    self.offset = offset
    self.limit = limit
  }

  public static let all = Page()

  /// What SQLite's LIMIT takes: negative stands for no limit.
  var sqlLimit: SQLValue { .int(limit ?? -1) }
  var sqlOffset: SQLValue { .int(offset) }
}
