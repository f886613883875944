import Shared

/// The events that were sent to an execution lately, for runs whose link was down. Pure: times
/// are nanoseconds of any one clock.
public struct RecentEvents: Sendable {
  public struct Event: Equatable, Sendable {
    /// Counts the execution's events from 1.
    public var id: Int64
    public var name: String
    /// A JSON text.
    public var contents: String
    var atNanos: Int64
  }

  private var events: [Event] = []
  private var bytes = 0
  private var lastID: Int64 = 0

  public init() {}

  /// Takes in an event; nil when there were too many lately to keep this one, too.
  public mutating func sent(_ name: String, contents: String, now: Int64) -> Event? {
    forget(before: now - Int64(Limits.eventKeepSecs) * 1_000_000_000)
    let size = name.utf8.count + contents.utf8.count
    guard events.count < Limits.eventsKeptMax, bytes + size <= Limits.eventBytesKeptMax else {
      return nil
    }
    lastID += 1
    let event = Event(id: lastID, name: name, contents: contents, atNanos: now)
    events.append(event)
    bytes += size
    return event
  }

  /// What a run whose link was down may have missed, in order.
  public mutating func recent(now: Int64) -> [Event] {
    forget(before: now - Int64(Limits.eventKeepSecs) * 1_000_000_000)
    return events
  }

  private mutating func forget(before nanos: Int64) {
    let old = events.prefix { $0.atNanos < nanos }
    bytes -= old.reduce(0) { $0 + $1.name.utf8.count + $1.contents.utf8.count }
    events.removeFirst(old.count)
  }
}
