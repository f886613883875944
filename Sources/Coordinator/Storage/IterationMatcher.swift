import Shared

/// Finds for each iteration the last of its requests, which says nearly everything about it.
///
/// Encoder and decoder walk it in step: the encoder looks ahead and writes how far it had to go,
/// the decoder goes as far as was written.
struct IterationMatcher {
  struct Base {
    var client: Int64 = 0
    var iteration: Int64 = 0
    var startedAtMicros: Int64 = 0
    var endedAtMicros: Int64 = 0
  }

  /// Requests that the encoder looks at before it gives up.
  private static let lookAhead = 64
  /// Written in place of a distance when no request matched.
  static let noMatch: Int64 = -1

  private let requests: [RequestRow]
  /// The first request that has not been passed.
  private var position = 0
  /// What an iteration without a request is predicted from: the iteration before.
  private var before = Base()

  init(_ requests: [RequestRow]) { self.requests = requests }

  /// The next request of this client and iteration, and its distance.
  mutating func find(client: UInt32, iteration: UInt32) -> (skip: Int64, index: Int?) {
    let end = min(requests.count, position + Self.lookAhead)
    for index in position..<max(end, position)
    where requests[index].client == client && requests[index].iteration == iteration {
      let skip = index - position
      // More requests of the same iteration may follow at once; the last one is the closest.
      position = index + 1
      return (Int64(skip), index)
    }
    return (Self.noMatch, nil)
  }

  /// Goes as far as the encoder went; nil when that is past the end.
  mutating func follow(skip: Int64) -> (isValid: Bool, index: Int?) {
    if skip == Self.noMatch { return (true, nil) }
    guard skip >= 0, skip < Int64(requests.count - position) else { return (false, nil) }
    let index = position + Int(skip)
    position = index + 1
    return (true, index)
  }

  /// What to predict from: a request, or the iteration before.
  func base(_ index: Int?) -> Base {
    guard let index else { return before }
    let row = requests[index]
    return Base(
      client: Int64(row.client), iteration: Int64(row.iteration),
      startedAtMicros: row.startedAtMicros,
      endedAtMicros: row.startedAtMicros &+ Int64(row.connectionCloseMicros))
  }

  mutating func pass(_ row: IterationRow, endedAtMicros: Int64) {
    before = Base(
      client: Int64(row.client), iteration: Int64(row.iteration),
      startedAtMicros: row.startedAtMicros, endedAtMicros: endedAtMicros)
  }
}
