import Shared

extension StoredBatch {
  func encodeAssertions(to writer: inout ColumnWriter) {
    let rows = assertions
    guard !rows.isEmpty else { return }
    var relation = CheckRelation(requests)
    let relative = rows.map { relation.relative($0) }
    writer.column(relative.map(\.request))
    writer.column(relative.map(\.client))
    writer.column(relative.map(\.iteration))
    writer.column(relative.map(\.atMicros))
    writer.column(rows.map { $0.passed ? 1 : 0 })
    writer.column(
      ColumnModel.deltas(rows.map { Int64($0.name) }, previous: Self.alike(rows, requests)))
  }

  static func assertions(
    _ reader: inout VarIntReader, _ count: Int, after requests: [RequestRow], names: Int
  ) throws(VarIntError) -> [CheckRow] {
    guard count > 0 else { return [] }
    func column() throws(VarIntError) -> Column {
      try ColumnWriter.column(&reader, count: count)
    }
    var relatives = [RelativeCheck](repeating: RelativeCheck(), count: count)
    try column().fill(&relatives) { $0.request = $1 }
    try column().fill(&relatives) { $0.client = $1 }
    try column().fill(&relatives) { $0.iteration = $1 }
    try column().fill(&relatives) { $0.atMicros = $1 }
    let empty = CheckRow(atMicros: 0, client: 0, iteration: 0, name: 0, passed: false)
    var rows = [CheckRow](repeating: empty, count: count)
    var relation = CheckRelation(requests)
    for index in rows.indices {
      guard relation.complete(&rows[index], relatives[index]) else {
        throw VarIntError("a check refers to nothing")
      }
    }
    try column().fill(&rows) { (row, value: UInt8) in
      row.passed = value == 1
    }
    let alike = alike(rows, requests)
    try column().sums(previous: alike).fill(&rows) {
      $0.name = $1
    }
    for row in rows where Int(row.name) >= names {
      throw VarIntError("a check refers to a name that is not there")
    }
    return rows
  }

  /// For every check, the index of the latest earlier one that most probably has the same name,
  /// −1 when there is none: the one of the same rank after a request for the same resource.
  private static func alike(_ rows: [CheckRow], _ requests: [RequestRow]) -> [Int32] {
    var rank: Int64 = 0
    var before: Int32?
    let keys = rows.map { row in
      rank = row.request == before ? rank + 1 : 0
      before = row.request
      let resource = row.request < 0 ? -1 : Int64(requests[Int(row.request)].resource)
      return resource << 32 | rank
    }
    return ColumnModel.previous(keys)
  }
}
