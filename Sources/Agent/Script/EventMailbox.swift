import Shared

/// The latest events that have come to a run, for its clients to pick up. Pure.
///
/// An event is for every client that runs when it comes. One that is busy then finds it here when
/// it next waits for an event of that name.
struct EventMailbox {
  struct Event: Equatable {
    /// Counts the run's events from 1.
    var number: Int
    var name: String
    var contents: JSONValue
  }

  /// Number of the event that came last, 0 before the first.
  private(set) var latest = 0
  private var events: [Event] = []

  /// Takes in an event; the oldest makes room.
  mutating func arrived(_ name: String, contents: JSONValue) -> Event {
    latest += 1
    let event = Event(number: latest, name: name, contents: contents)
    if events.count == Limits.eventsKeptMax { events.removeFirst() }
    events.append(event)
    return event
  }

  /// The first event of that name behind the one of that number.
  func next(_ name: String, after number: Int) -> Event? {
    events.first { $0.number > number && $0.name == name }
  }
}
