/// Kinds of events that a stream of an execution has.
struct EventKinds: OptionSet, Sendable {
  let rawValue: Int

  static let state = EventKinds(rawValue: 1)
  static let chunk = EventKinds(rawValue: 2)
  static let limit = EventKinds(rawValue: 4)
  static let interval = EventKinds(rawValue: 8)
  static let log = EventKinds(rawValue: 16)
  static let all: EventKinds = [.state, .chunk, .limit, .interval, .log]

  private static let named: [(name: String, kind: EventKinds)] = [
    ("state", .state), ("interval", .interval), ("log", .log), ("limit", .limit),
    ("chunk", .chunk),
  ]

  init(rawValue: Int) { self.rawValue = rawValue }

  /// Reads `events=log,state`; all kinds where it is not given.
  init(_ query: inout QueryReader) { self = Self.read(&query) }

  private static func read(_ query: inout QueryReader) -> EventKinds {
    guard let text = query.string("events") else { return .all }
    var kinds: EventKinds = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let found = named.first(where: { $0.name == name }) else {
        let names = named.map(\.name).joined(separator: ", ")
        query.fail("events", "'\(name.prefix(20))' is none of \(names)")
        return .all
      }
      kinds.insert(found.kind)
    }
    return kinds
  }
}
