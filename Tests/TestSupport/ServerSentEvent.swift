import Foundation
import Shared

/// One event of a stream, read as the HTML standard says (9.2.6).
public struct ServerSentEvent: Sendable, Equatable {
  public var id = ""
  public var name = ""
  public var data = ""

  public func json() throws -> JSONValue { try JSONValue.parse(text: data) }
}

/// Takes lines of a stream, gives events.
public struct ServerSentEventParser: Sendable {
  private var event = ServerSentEvent()
  private var hasData = false
  /// Comments, each without its colon.
  public private(set) var comments: [String] = []
  public private(set) var retry: Int?

  public init() {}

  public mutating func take(_ line: String) -> ServerSentEvent? {
    if line.isEmpty {
      defer { (event.name, event.data, hasData) = ("", "", false) }
      return hasData ? event : nil
    }
    let colon = line.firstIndex(of: ":") ?? line.endIndex
    let field = line[..<colon]
    var value = line[colon...].dropFirst()
    if value.first == " " { value = value.dropFirst() }
    switch field {
    case "": comments.append(String(value))
    case "id": event.id = String(value)
    case "event": event.name = String(value)
    case "retry": retry = Int(value)
    case "data":
      event.data += (hasData ? "\n" : "") + value
      hasData = true
    default: break
    }
    return nil
  }

  /// All events of a whole text.
  public static func events(_ text: String) -> [ServerSentEvent] {
    var parser = ServerSentEventParser()
    return text.components(separatedBy: "\n").compactMap { parser.take($0) }
  }
}

/// A connection to a stream of events.
public final class EventStreamClient {
  public let status: Int
  /// Names in lower case.
  public private(set) var headers: [String: String] = [:]
  public private(set) var parser = ServerSentEventParser()
  /// Whether the answer ended as it should, not by a connection that was cut.
  public private(set) var endedCleanly = false
  private let stream: TCPStream
  private var pending: [UInt8] = []
  /// Bytes of the chunk that are still to come.
  private var chunkRest = 0

  public init(port: UInt16, _ path: String, lastEventID: String? = nil, seconds: Int = 30) throws {
    stream = try TCPStream(port: port, seconds: seconds)
    var head = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
    if let lastEventID { head += "Last-Event-ID: \(lastEventID)\r\n" }
    try stream.write(head + "\r\n")
    let words = try stream.readLine()?.split(separator: " ") ?? []
    guard words.count > 1, let status = Int(words[1]) else { throw TestFailure("no status") }
    self.status = status
    while let line = try stream.readLine()?.trimmingCharacters(in: .whitespacesAndNewlines),
      !line.isEmpty
    {
      let sides = line.split(separator: ":", maxSplits: 1)
      headers[sides[0].lowercased()] = sides.dropFirst().first?.trimmingCharacters(
        in: .whitespacesAndNewlines)
    }
  }

  /// The next event, nil at the end.
  public func next() throws -> ServerSentEvent? {
    while let line = try nextLine() {
      if let event = parser.take(line) { return event }
    }
    return nil
  }

  /// Everything that still comes.
  public func rest() throws -> [ServerSentEvent] {
    var events: [ServerSentEvent] = []
    while let event = try next() { events.append(event) }
    return events
  }

  public func cut() { stream.shutDown() }

  private func nextLine() throws -> String? {
    while true {
      if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        defer { pending.removeSubrange(...end) }
        return String(decoding: pending[..<end], as: UTF8.self)
      }
      guard let bytes = try nextChunkPart() else { return nil }
      pending += bytes
    }
  }

  private func nextChunkPart() throws -> [UInt8]? {
    if endedCleanly { return nil }
    if chunkRest == 0 {
      guard var line = try stream.readLine() else { return nil }
      // The end of the chunk before.
      if line == "\r" { line = try stream.readLine() ?? "" }
      guard let size = Int(line.trimmingCharacters(in: .whitespacesAndNewlines), radix: 16) else {
        throw TestFailure("chunk size \"\(line)\"")
      }
      chunkRest = size
      if size == 0 {
        endedCleanly = true
        return nil
      }
    }
    guard let bytes = try stream.read() else { return nil }
    if bytes.count > chunkRest { stream.putBack(bytes[chunkRest...]) }
    let part = Array(bytes.prefix(chunkRest))
    chunkRest -= part.count
    return part
  }
}
