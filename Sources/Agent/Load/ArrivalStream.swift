import Shared

/// The starts of an arrival-rate load that fall to some of its clients, one after the other. Pure.
///
/// Start `k` of an execution with `n` clients falls to the client in place `k mod n`. That is how
/// starts are dealt to agents and their threads, evenly and each exactly once; which of a thread's
/// clients then runs it does not matter.
struct ArrivalStream: Sendable {
  private var schedule: ArrivalSchedule
  private let total: Int64
  /// Places of the clients, ascending.
  private let places: [Int64]
  /// Starts of this stream so far.
  private var position: Int64 = 0
  private var hint = 0
  /// Nanoseconds from the beginning of the load to the next start; nil when none is left.
  private(set) var nextNanos: Int64?

  /// - Parameters:
  ///   - clients: global indices of the clients that these starts are for.
  ///   - total: clients of the whole execution.
  init(_ curve: LoadCurve, clients: some Sequence<Int>, of total: Int) {
    let order = ClientOrder(total: total)
    schedule = ArrivalSchedule(curve)
    self.total = Int64(max(1, total))
    places = clients.map { Int64(order.place(of: $0)) }.sorted()
    find()
  }

  /// The next start has been seen to.
  mutating func advance() {
    position += 1
    find()
  }

  /// Goes on under another curve. Where it changes what was to come, only what comes from `now`
  /// on counts: nothing is made up for, and nothing left out because there was more before.
  mutating func changed(to curve: LoadCurve, now: Int64) {
    let before = nextNanos
    schedule = ArrivalSchedule(curve)
    hint = 0
    find()
    if let before, nextNanos == before { return }
    if before == nil, let nextNanos, nextNanos >= now { return }
    var (low, high) = (Int64(0), Int64(places.count).times((schedule.count / total).plus(1)))
    while low < high {
      position = (low + high) / 2
      hint = 0
      find()
      if let nextNanos, nextNanos < now { low = position + 1 } else { high = position }
    }
    position = low
    hint = 0
    find()
  }

  private mutating func find() {
    guard !places.isEmpty else { return nextNanos = nil }
    let (round, index) = position.quotientAndRemainder(dividingBy: Int64(places.count))
    nextNanos = schedule.nanos(of: round * total + places[Int(index)], hint: &hint)
  }
}
