import Shared

extension PackedBatch {
  /// The requests of all segments; to be called once, before anything else is read.
  mutating func requests() throws(VarIntError) -> [RequestRow] {
    let count = counts.requests
    guard count > 0 else { return [] }
    var rows = [RequestRow](repeating: RequestRow(), count: count)
    let clients = try column()
    let resources = try column()
    let ofClient = ColumnModel.previous(clients)
    let ofResource = ColumnModel.previous(resources)
    try clients.fill(&rows) { $0.client = $1 }
    try resources.fill(&rows) { $0.resource = $1 }
    try column(ofClient).fill(&rows) { $0.iteration = $1 }
    try column(ofClient).fill(&rows) { $0.connection = $1 }
    try column(ofResource).fill(&rows) { $0.method = $1 }
    try column(ofResource).fill(&rows) { $0.contentType = $1 }
    try column(ofResource).fill(&rows) { $0.status = $1 }
    try column().fill(&rows) { (row, raw: UInt8) in
      row.error = ErrorReason(rawValue: raw) ?? .other
    }
    try column().fill(&rows) { (row, value: UInt8) in row.success = value == 1 }
    try column().fill(&rows) { $0.dnsLookupMicros = $1 }
    try column().fill(&rows) { $0.connectionOpenMicros = $1 }
    try column().fill(&rows) { $0.tlsHandshakeMicros = $1 }
    try column().fill(&rows) { $0.firstReceivedMicros = $1 }
    try column().fill(&rows) { (row, value: Int64) in
      row.connectionCloseMicros = Int32(
        truncatingIfNeeded: value &+ Int64(row.firstReceivedMicros))
    }
    try column(ofResource).fill(&rows) { $0.bytesSent = $1 }
    try column(ofResource).fill(&rows) { $0.bytesReceived = $1 }
    try column().fill(&rows) { $0.dataPacketsSent = $1 }
    try column().fill(&rows) { $0.dataPacketsReceived = $1 }
    var ended: Int64 = 0
    try column().fill(&rows) { (row, delta: Int64) in
      ended &+= delta
      row.startedAtMicros = ended &- Int64(row.connectionCloseMicros)
    }
    for row in rows
    where Int(row.resource) >= names.count || Int(row.method) >= names.count
      || Int(row.contentType) >= names.count
    {
      throw VarIntError("a row refers to a name that is not there")
    }
    return rows
  }

  /// How many requests of each segment are of the resource at `place` of the names. Reads no more
  /// than that takes, and leaves the requests to be read.
  func requests(ofResourceAt place: Int) throws(VarIntError) -> [Int] {
    var copy = self
    guard counts.requests > 0 else { return segments.map { _ in 0 } }
    _ = try copy.column()
    let resources = try copy.column()
    var start = 0
    return segments.map { segment in
      defer { start += segment.requests }
      return resources.count(of: Int64(place), in: start..<start + segment.requests)
    }
  }

  private mutating func column() throws(VarIntError) -> Column {
    try ColumnWriter.column(&reader, count: counts.requests)
  }

  /// A column of differences to the latest row with the same key.
  private mutating func column(_ previous: [Int32]) throws(VarIntError) -> Column {
    try column().sums(previous: previous)
  }
}
