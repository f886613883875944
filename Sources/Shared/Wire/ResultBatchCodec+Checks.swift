extension ResultBatchCodec {
  /// Client, iteration and time stand as differences, see `RelativeCheck`.
  static func encode(
    _ rows: [CheckRow], after requests: [RequestRow], into out: inout [UInt8]
  ) {
    guard beginTable("assertions", rows.count, &out) else { return }
    var relation = CheckRelation(requests)
    let relative = rows.map { relation.relative($0) }
    column("name", rows, &out) { Int64($0.name) }
    column("passed", rows, &out) { $0.passed ? 1 : 0 }
    column("request", relative, &out) { $0.request }
    column("client", relative, &out) { $0.client }
    column("iteration", relative, &out) { $0.iteration }
    column("at", relative, &out) { $0.atMicros }
    out.append(UInt8(ascii: "}"))
  }
}

/// A check as it comes, before the requests are known that it is told by.
struct ReceivedCheck {
  var row = CheckRow(atMicros: 0, client: 0, iteration: 0, name: 0, passed: false)
  var relative = RelativeCheck()
}

extension BatchDecoder {
  mutating func readAssertions(_ scanner: inout LineScanner) throws(Failure) {
    var rows: [ReceivedCheck] = []
    try readTable(&scanner, &rows, ReceivedCheck()) { (rows, name, values) in
      switch name {
      case "name": fit(&rows, values) { $0.row.name = $1 }
      case "passed": fit(&rows, values) { (row, value: UInt8) in row.row.passed = value == 1 }
      case "request": fit(&rows, values) { $0.relative.request = $1 }
      case "client": fit(&rows, values) { $0.relative.client = $1 }
      case "iteration": fit(&rows, values) { $0.relative.iteration = $1 }
      case "at": fit(&rows, values) { $0.relative.atMicros = $1 }
      default: true
      }
    }
    checks = rows
  }

  /// To be called once everything is read.
  ///
  /// - Returns: whether each check can be.
  mutating func completeChecks() -> Bool {
    guard !checks.isEmpty else { return true }
    var relation = CheckRelation(batch.requests)
    batch.assertions.reserveCapacity(checks.count)
    for check in checks {
      var row = check.row
      guard relation.complete(&row, check.relative) else { return false }
      batch.assertions.append(row)
    }
    return true
  }
}
