import Shared

/// An operation of a client of a `Code` script that waits for an answer.
struct CodeWaiter: Hashable, Sendable {
  /// The client's place among those of its engine thread.
  var slot: Int
  var operation: Int32
}

/// What an operation comes to.
enum CodeAnswer: Equatable, Sendable {
  /// A JSON text; empty when there is no value.
  case json(String)
  /// The operation fails, for this reason.
  case failed(String)
}

/// What a client wants to know, or to wait for. Pure.
enum CodeWish: Equatable {
  case barrier(name: String)
  case metric(namespace: String, name: String, resource: String?)
  case table(String, CodeTables.Wish)

  /// From the arguments of `realm.ask`.
  ///
  /// - Throws: `UsageError` for its author when it cannot be asked for.
  init(kind: String, details: String) throws(UsageError) {
    let object = (try? JSONValue.parse(text: details))?.objectValue ?? JSONObject()
    let table = object["table"]?.stringValue ?? ""
    switch kind {
    case "barrier": self = .barrier(name: object["name"]?.stringValue ?? "")
    case "metric":
      self = .metric(
        namespace: object["namespace"]?.stringValue ?? "", name: object["name"]?.stringValue ?? "",
        resource: object["resource"]?.stringValue)
    case "table": self = .table(table, .info)
    case "randomRow": self = .table(table, .random)
    case "row":
      guard case .int(let index)? = object["index"] else {
        throw UsageError("data table '\(table.prefix(100))': a row is a whole number from 0")
      }
      self = .table(table, .row(Int(index)))
    case "nextRow":
      let atEnd = object["atEnd"]?.stringValue
      guard atEnd == "recycle" || atEnd == "stop" else {
        throw UsageError(
          "data table '\(table.prefix(100))': atEnd is 'recycle' or 'stop'")
      }
      self = .table(table, .next(recycle: atEnd == "recycle"))
    default: throw UsageError("there is no question '\(kind.prefix(100))'")
    }
  }
}
