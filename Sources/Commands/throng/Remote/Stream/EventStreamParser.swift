/// Cuts server-sent events out of a stream, as the HTML standard has it (9.2.6). Pure.
struct EventStreamParser {
  struct Event: Equatable {
    /// The last id that the stream has given, be it with this event or before it.
    var id: String
    /// `message` when the stream names none.
    var name: String
    var data: String
  }

  /// Characters of one event after which a stream is given up: no event comes near it.
  private static let eventBytesMax = 16 << 20

  struct TooLong: Error {}

  private var line: [UInt8] = []
  private var sawReturn = false
  private var isFirstLine = true
  private var name = ""
  private var id = ""
  private var data: [String] = []
  private var dataBytes = 0
  /// To be sent as `Last-Event-ID` after the connection was cut.
  private(set) var lastID = ""
  /// Milliseconds to wait before connecting again, as the stream asks for.
  private(set) var retryMs: Int?

  /// An event that was cut in its middle is forgotten.
  mutating func connectionEnded() {
    line = []
    sawReturn = false
    isFirstLine = true
    name = ""
    // An event that was cut has not come: its id must not be what is gone on from.
    id = lastID
    data = []
    dataBytes = 0
  }

  /// Events that `bytes` complete.
  ///
  /// - Throws: `TooLong` when one would not fit into memory.
  mutating func read(_ bytes: some Sequence<UInt8>) throws(TooLong) -> [Event] {
    var events: [Event] = []
    for byte in bytes {
      // CR, LF and CR LF all end a line.
      if byte == 10, sawReturn {
        sawReturn = false
        continue
      }
      sawReturn = byte == 13
      guard byte == 10 || byte == 13 else {
        line.append(byte)
        if line.count + dataBytes > Self.eventBytesMax { throw TooLong() }
        continue
      }
      if let event = endLine() { events.append(event) }
    }
    return events
  }

  private mutating func endLine() -> Event? {
    if isFirstLine, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    isFirstLine = false
    defer { line.removeAll(keepingCapacity: true) }
    guard !line.isEmpty else { return dispatch() }
    let parts = line.split(
      separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
    let field = String(decoding: parts[0], as: UTF8.self)
    var value = parts.count == 2 ? parts[1] : []
    if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
    take(field, String(decoding: value, as: UTF8.self))
    return nil
  }

  private mutating func take(_ field: String, _ value: String) {
    switch field {
    case "event": name = value
    case "data":
      data.append(value)
      dataBytes += value.utf8.count + 1
    case "id" where !value.contains("\0"): id = value
    case "retry":
      if !value.isEmpty, value.utf8.allSatisfy({ (48...57).contains($0) }) {
        retryMs = Int(value) ?? retryMs
      }
    // A comment, or a field of the future.
    default: break
    }
  }

  private mutating func dispatch() -> Event? {
    defer {
      name = ""
      data = []
      dataBytes = 0
    }
    lastID = id
    guard !data.isEmpty else { return nil }
    return Event(
      id: lastID, name: name.isEmpty ? "message" : name, data: data.joined(separator: "\n"))
  }
}
