/// What says where and when a check was made, as the difference to the request that it followed,
/// or to the check before if that request is not in the batch. Of one check a request, made at
/// once, all of it is the same for every row, so that such columns nearly vanish.
public struct RelativeCheck: Equatable, Sendable {
  /// The request's index as the difference to that of the check before.
  public var request: Int64 = 0
  public var client: Int64 = 0
  public var iteration: Int64 = 0
  public var atMicros: Int64 = 0

  public init() {}
}

/// Goes through the checks of a batch in their order, there and back. Arithmetic wraps, so that any
/// values come back as they were.
public struct CheckRelation {
  private let requests: [RequestRow]
  /// Of the latest check that followed a request of the batch.
  private var latestRequest: Int64 = -1
  private var before = (client: Int64(0), iteration: Int64(0), atMicros: Int64(0))

  public init(_ requests: [RequestRow]) { self.requests = requests }

  /// What a row's numbers are told by.
  @inline(__always)
  private func base(_ request: Int64) -> (client: Int64, iteration: Int64, atMicros: Int64) {
    guard request >= 0 else { return before }
    let row = requests[Int(request)]
    return (
      Int64(row.client), Int64(row.iteration),
      row.startedAtMicros &+ Int64(row.connectionCloseMicros)
    )
  }

  @inline(__always)
  private mutating func pass(_ row: CheckRow) {
    if row.request >= 0 { latestRequest = Int64(row.request) }
    before = (Int64(row.client), Int64(row.iteration), row.atMicros)
  }

  /// The differences of the next row, whose request is one of the batch or none.
  public mutating func relative(_ row: CheckRow) -> RelativeCheck {
    let base = base(Int64(row.request))
    var relative = RelativeCheck()
    relative.request = Int64(row.request) - latestRequest
    relative.client = Int64(row.client) - base.client
    relative.iteration = Int64(row.iteration) - base.iteration
    relative.atMicros = row.atMicros &- base.atMicros
    pass(row)
    return relative
  }

  /// Completes the next row, of which name and outcome are there.
  ///
  /// - Returns: whether there can be such a row.
  public mutating func complete(_ row: inout CheckRow, _ relative: RelativeCheck) -> Bool {
    let request = latestRequest &+ relative.request
    guard request >= -1, request < requests.count else { return false }
    let base = base(request)
    guard let client = UInt32(exactly: base.client &+ relative.client),
      let iteration = UInt32(exactly: base.iteration &+ relative.iteration)
    else { return false }
    row.request = Int32(truncatingIfNeeded: request)
    row.client = client
    row.iteration = iteration
    row.atMicros = base.atMicros &+ relative.atMicros
    pass(row)
    return true
  }
}
