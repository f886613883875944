import Shared

/// One client of a run. Confined to its engine thread.
final class VirtualUser {
  enum State: Equatable {
    /// Its ramp-up time has not come.
    case waiting
    /// Between two iterations.
    case resting
    /// Waits for an iteration that is dealt to it.
    case standingBy
    /// In an iteration, in a pause of the script.
    case sleeping
    /// In an iteration, an event is waited for.
    case listening
    /// In an iteration, an exchange is under way.
    case requesting
    /// In an iteration of a `Code` script, which waits for whatever it asked for.
    case scripted
    /// Held up before an iteration or a request: the lease must be renewed first.
    case parked
    case ended
  }

  unowned let run: EngineRun
  /// Place in the chunk, from 0.
  let offset: Int
  /// Global client index.
  let client: UInt32
  let script: any UserScript
  var state = State.waiting
  /// What a parked user goes back to.
  var stateBeforePark = State.waiting
  /// What the script wanted when its turn was over.
  var pending: ScriptAction?
  var hasStarted = false
  var iterationsFinished = 0
  /// Iterations that the time did not suffice for.
  var iterationsDropped = 0
  var iterationStartNanos: Int64 = 0
  /// When the iteration was to begin; its start, unless it came late.
  var intendedNanos: Int64 = 0
  /// When its iteration is cut because there are to be fewer clients; 0 when that is not known.
  var cutNanos: Int64 = 0
  /// Void tickets of timers set for an earlier state.
  var ticket: UInt32 = 0
  /// When its timer goes off.
  var wakeNanos: Int64 = 0

  /// The event that came last before the client started: those after it are for the client.
  var eventsFrom = 0
  /// The event that the client has had last of each name.
  var eventsHad: [String: Int] = [:]
  /// Name of the event that it waits for.
  var awaitedEvent: String?

  /// The client's cookies; nil as long as there are none.
  var jar: CookieJar?
  /// The client's way to make requests; a `Code` script that makes several at once has more.
  private(set) lazy var exchange = Exchange(user: self)
  private(set) var moreExchanges: [Exchange] = []
  /// Those of them that are free.
  private var idleExchanges: [Exchange] = []
  /// Exchanges that it keeps between two iterations: as many as k6's batches have at once.
  private static let exchangesKept = 20
  /// Timers of a `Code` script that are not due yet.
  var timers = 0
  /// The one that ended last.
  var latestRequest: RecordedRequest?

  var isInIteration: Bool {
    switch state == .parked ? stateBeforePark : state {
    case .sleeping, .listening, .requesting, .scripted: true
    case .waiting, .resting, .standingBy, .parked, .ended: false
    }
  }

  init(run: EngineRun, offset: Int, client: UInt32, script: any UserScript) {
    self.run = run
    self.offset = offset
    self.client = client
    self.script = script
  }

  /// Which client it is, and in which of its iterations.
  var moment: ClientMoment {
    ClientMoment(client: client, iteration: UInt32(truncatingIfNeeded: iterationsFinished))
  }

  /// Every exchange, busy or not.
  var exchanges: [Exchange] { [exchange] + moreExchanges }

  /// One that is free.
  func idleExchange() -> Exchange {
    if exchange.request == nil { return exchange }
    if let idle = idleExchanges.popLast() { return idle }
    let fresh = Exchange(user: self)
    moreExchanges.append(fresh)
    return fresh
  }

  /// The exchange is over, and may be used again.
  func becameIdle(_ exchange: Exchange) {
    if exchange !== self.exchange { idleExchanges.append(exchange) }
  }

  /// An iteration is over: one with many requests at once leaves no more than a few behind.
  ///
  /// - Returns: whether some were let go of.
  func keepFewExchanges() -> Bool {
    guard moreExchanges.count > Self.exchangesKept, idleExchanges.count == moreExchanges.count
    else { return false }
    moreExchanges.removeLast(moreExchanges.count - Self.exchangesKept)
    idleExchanges = moreExchanges
    return true
  }

  /// Nothing is sent any more: connections and cookies go.
  func release() {
    ticket &+= 1
    for exchange in exchanges {
      exchange.finish()
      exchange.transfer = nil
    }
    moreExchanges = []
    jar = nil
    idleExchanges = []
  }
}

extension VirtualUser: CheckSink {
  func check(_ index: Int, passed: Bool) { run.check(index, passed: passed, of: self) }

  func searchGivenUp(_ reason: String) { run.searchGivenUp(reason, of: self) }
}
