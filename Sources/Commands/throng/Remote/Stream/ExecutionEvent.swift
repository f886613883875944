import Shared

/// Something that happened to an execution.
struct ExecutionEvent: Equatable {
  enum Kind: String, CaseIterable { case state, interval, log, limit, chunk, end }

  var kind: Kind
  var data: JSONValue

  init(_ kind: Kind, _ data: JSONValue) {
    self.kind = kind
    self.data = data
  }

  /// Nil for kinds that are not known here, and for what is no JSON.
  init?(_ event: EventStreamParser.Event) {
    guard let kind = Kind(rawValue: event.name),
      let data = try? JSONValue.parse(text: event.data)
    else { return nil }
    self.init(kind, data)
  }
}
