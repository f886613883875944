import Shared

/// Blocks of data tables that were read lately, up to a number of bytes. Pure.
struct TableBlocks {
  private struct Place: Hashable {
    var table: String
    /// Index of the first row.
    var first: Int
  }

  private struct Block {
    var rows: [[String]]
    var bytes: Int
    /// When it was used last, as a count of uses.
    var usedAt: Int
  }

  private var blocks: [Place: Block] = [:]
  private var bytes = 0
  private var uses = 0
  private let bytesMax: Int

  init(bytesMax: Int = Limits.tableCacheBytesMax) { self.bytesMax = bytesMax }

  /// The rows from `index` on that are here, at most `count`; nil when the first is not.
  mutating func rows(of table: String, from index: Int, count: Int) -> AgentAnswer? {
    for first in [Self.start(index), index] {
      let place = Place(table: table, first: first)
      guard let rows = blocks[place]?.rows, index >= first, index - first < rows.count else {
        continue
      }
      uses += 1
      blocks[place]?.usedAt = uses
      return .rows(
        first: index, rows: Array(rows[(index - first)...].prefix(max(1, count))), end: false)
    }
    return nil
  }

  /// What to ask for a row that is not here: its block, or from it on when that block came
  /// without it, because its rows are wide.
  func question(_ table: String, index: Int) -> AgentQuestion {
    let start = Self.start(index)
    let first = blocks[Place(table: table, first: start)] == nil ? start : index
    return .row(table: table, index: first, count: Limits.tableBlockRowsMax)
  }

  mutating func store(_ answer: AgentAnswer, of table: String) {
    guard case .rows(let first, let rows, _) = answer, !rows.isEmpty else { return }
    let size = rows.reduce(0) { $1.reduce($0) { $0 + $1.utf8.count } }
    uses += 1
    let place = Place(table: table, first: first)
    bytes += size - (blocks[place]?.bytes ?? 0)
    blocks[place] = Block(rows: rows, bytes: size, usedAt: uses)
    // The block that has just come stays, however large: somebody waits for it.
    while bytes > bytesMax, blocks.count > 1,
      let oldest = blocks.min(by: { $0.value.usedAt < $1.value.usedAt })
    {
      bytes -= oldest.value.bytes
      blocks[oldest.key] = nil
    }
  }

  private static func start(_ index: Int) -> Int { index - index % Limits.tableBlockRowsMax }
}
