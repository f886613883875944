import Shared

extension API {
  private struct Wanted {
    var execution: ExecutionID
    var ascending: Bool
    var systemOnly: Bool
    var page: Page
  }

  func listLogs(_ context: RouteContext) throws -> HTTPResponse {
    let wanted = try wantedLogs(context)
    let total = try store.read {
      try LogStore.count(of: wanted.execution, systemOnly: wanted.systemOnly, in: $0)
    }
    // Entries that come in while this is sent are for the next call: `size` was said already.
    let size = min(wanted.page.limit ?? .max, max(0, total - wanted.page.offset))
    var source = source(wanted, page: Page(offset: wanted.page.offset, limit: size))
    return .stream(
      "application/json",
      .jsonArray(
        batches: { try source.next() }, piece: 100, prefix: "{\"size\":\(size),\"logs\":",
        suffix: "}"
      ) { $0.log($1) })
  }

  func downloadLogs(_ context: RouteContext) throws -> HTTPResponse {
    let wanted = try wantedLogs(context)
    var source = source(wanted, page: wanted.page)
    return .stream(
      "text/plain; charset=utf-8", filename: "execution-\(wanted.execution)-logs.txt",
      .text(batches: { try source.next() }, piece: 100) { records in
        records.reduce(into: []) { $0 += Self.line($1).utf8 }
      })
  }

  private func wantedLogs(_ context: RouteContext) throws -> Wanted {
    var query = context.query
    let ascending = query.bool("asc", default: true)
    let systemOnly = query.bool("systemOnly", default: false)
    let page = query.page()
    try query.finish()
    let target = try store.read { try ExecutionTarget(context, in: $0) }
    return Wanted(
      execution: target.execution.id, ascending: ascending, systemOnly: systemOnly, page: page)
  }

  private func source(_ wanted: Wanted, page: Page) -> PagedSource<LogRecord> {
    let store = store
    return PagedSource(page, id: \.id) { page in
      try store.read {
        try LogStore.list(
          of: wanted.execution, ascending: wanted.ascending, systemOnly: wanted.systemOnly, page,
          in: $0)
      }
    }
  }

  /// `2016-03-10T18:57:37.069Z INFO Execution started`. Line breaks of a message are escaped, so
  /// that it cannot pass for another entry, and what else would control a terminal.
  private static func line(_ record: LogRecord) -> String {
    var message = ""
    for scalar in record.message.unicodeScalars {
      switch scalar {
      case "\n": message += "\\n"
      case "\r": message += "\\r"
      case "\t": message += "\t"
      default:
        if TerminalText.steers(scalar) {
          message += escaped(scalar)
        } else {
          message.unicodeScalars.append(scalar)
        }
      }
    }
    let time = ISOTime.text(millis: record.loggedAtMs)
    return "\(time) \(record.level.uppercased()) \(message)\n"
  }

  /// As in JSON, e.g. `\u001b`.
  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}

extension JSONWriter {
  mutating func log(_ record: LogRecord) {
    beginObject()
    member("id", record.id)
    member("level", record.level)
    member("msg", record.message)
    member("length", record.message.unicodeScalars.count)
    member("isSystem", record.isSystem)
    if let moment = record.moment {
      member("client", Int64(moment.client))
      member("iteration", Int64(moment.iteration))
    }
    time("createdAt", record.createdAtMs)
    time("updatedAt", record.updatedAtMs)
    time("loggedAt", record.loggedAtMs)
    endObject()
  }
}
