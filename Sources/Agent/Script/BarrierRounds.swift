import Shared

/// Where the clients of one run on one engine thread stand at barriers. Pure.
///
/// Each time a client comes to a barrier, that is its next round there: whoever loops meets the
/// others once per loop.
struct BarrierRounds {
  struct Place: Hashable {
    var name: String
    var round: Int
  }

  /// The round that a client comes to next, by barrier.
  private var next: [UInt32: [String: Int]] = [:]
  private var waiting: [Place: Set<UInt32>] = [:]

  /// A client comes to a barrier and waits from now on.
  mutating func arrived(_ client: UInt32, at name: String) -> Place {
    let place = Place(name: name, round: next[client]?[name] ?? 0)
    next[client, default: [:]][name] = place.round + 1
    waiting[place, default: []].insert(client)
    return place
  }

  /// What to ask the coordinator about a place now.
  func question(_ place: Place) -> AgentQuestion {
    .barrier(name: place.name, round: place.round, arrived: waiting[place]?.count ?? 0)
  }

  /// A client waits no longer, because its iteration was cut or it has ended. When it comes to
  /// the barrier again, that is the same round: the others still wait for it there.
  ///
  /// - Returns: the places whose number has changed. They must be asked about anew, before the
  ///   end of the client is reported: it would be counted as arrived and as ended.
  mutating func left(_ client: UInt32) -> [Place] {
    let places = waiting.filter { $0.value.contains(client) }.map(\.key)
    for place in places {
      waiting[place]?.remove(client)
      let known = next[client]?[place.name] ?? 0
      next[client, default: [:]][place.name] = min(place.round, known)
    }
    return places.sorted { ($0.name, $0.round) < ($1.name, $1.round) }
  }

  /// The coordinator has released a place.
  ///
  /// - Returns: the clients that go on, by their number.
  mutating func released(_ place: Place) -> [UInt32] {
    waiting.removeValue(forKey: place)?.sorted() ?? []
  }
}
