import Shared

/// Hands out the rows of a data table to the runs of one execution, each row once. Pure.
public struct RowDispenser: Sendable {
  /// A range of rows for a run; none when the table is at its end.
  public struct Grant: Equatable, Sendable {
    public var first: Int
    public var count: Int
  }

  private let rows: Int
  private let blockRows: Int
  private var next = 0
  private var latest: [LeaseKey: (ask: Int64, grant: Grant)] = [:]

  /// - Parameters:
  ///   - rows: how many the table has.
  ///   - blockRows: most rows of a grant.
  public init(rows: Int, blockRows: Int) {
    self.rows = rows
    self.blockRows = max(1, blockRows)
  }

  /// A run asks for `count` rows. The same question again is given the same rows: the answer was
  /// lost with the link. It may get more than it asked for, to have some in stock, but ever fewer
  /// towards the end of the table, so that no run sits on rows that others lack.
  ///
  /// - Parameter runs: runs among which the rest of the table is shared.
  public mutating func asked(
    _ run: LeaseKey, ask: Int64, count: Int, recycle: Bool, runs: Int
  ) -> Grant {
    if let known = latest[run], known.ask == ask { return known.grant }
    if next >= rows, recycle { next = 0 }
    let left = rows - next
    let share = left / (4 * max(1, runs))
    let wanted = min(max(count, share, 1), blockRows, left)
    let grant = Grant(first: next, count: wanted)
    next += wanted
    latest[run] = (ask, grant)
    return grant
  }
}
