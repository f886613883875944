import Shared

/// A request that went wrong, to look it up among the raw results.
struct ErrorExample: Equatable {
  var resource: String
  var client: UInt32
  var iteration: UInt32
  /// Microseconds since the Unix epoch.
  var atMicros: Int64
}

extension ErrorExample {
  /// Results that are looked through: they are read from the disk, and a report must not take
  /// longer for a longer test.
  private static let resultsMax = 400_000

  /// The first example of each kind, as far as it is among the first results.
  static func find(
    _ wanted: Set<ErrorKind>, with reader: ResultReader
  ) throws -> [ErrorKind: ErrorExample] {
    var reader = reader
    var missing = wanted
    var found: [ErrorKind: ErrorExample] = [:]
    var seen = 0
    while !missing.isEmpty, seen < resultsMax, let results = try reader.next() {
      seen += results.count
      for result in results where !result.request.success || result.request.status >= 400 {
        for kind in kinds(of: result.request) where missing.contains(kind) {
          missing.remove(kind)
          found[kind] = ErrorExample(
            resource: result.resource.name, client: result.request.client,
            iteration: result.request.iteration, atMicros: result.request.startedAtMicros)
        }
      }
    }
    return found
  }

  private static func kinds(of row: RequestRow) -> [ErrorKind] {
    var kinds: [ErrorKind] = []
    if row.error != .none { kinds.append(.reason(row.error)) }
    if row.status >= 400 { kinds.append(.status(Int(row.status))) }
    return kinds.isEmpty && !row.success ? [.unexpected] : kinds
  }
}
