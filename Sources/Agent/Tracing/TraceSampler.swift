import Shared

/// Decides which requests of a run are captured, and which of what was captured becomes a trace.
/// One per engine thread: an execution has as many more of its traces as it has threads. Pure.
///
/// A request must be captured from its beginning, but what is worth a trace shows at its end.
/// Capturing costs something, so most requests are not captured, and of those that are, most are
/// thrown away:
///
/// - **Certain:** the first `perMinute` requests to each resource in each minute are captured and
///   kept, whatever becomes of them. "Each resource" are the first
///   `Limits.tracedResourcesMax` of a minute; others are treated as one resource of which nothing
///   is certain.
/// - **As soon as it is met:** beyond these, a request is captured now and then (`probe`). Of each
///   resource and outcome (the status, or why there is none) `perMinute` captured requests a
///   minute are kept, of each interval the first `Limits.traceFailuresPerInterval` captured
///   failures and the slowest captured request. At fewer than ten requests a second that means
///   all requests; of a busier resource, an outcome that is rare may leave no trace.
/// - A failure that was not captured has the next few requests to its resource captured, so that
///   failures that come in crowds leave traces even where ten thousand requests a second do not.
struct TraceSampler {
  /// Requests to a resource that are captured after a failure that was not.
  private static let pursuit = 8
  /// Bound of those per interval, over all resources.
  private static let pursuitsPerInterval = 256
  private static let minuteMicros: Int64 = 60_000_000
  private static let intervalMicros = Limits.intervalMs * 1_000

  /// The right of a request to be captured.
  struct Ticket: Equatable {
    fileprivate var slot: Int
    fileprivate var minute: Int64
    /// Whether it is kept in any case.
    fileprivate var isCertain: Bool
  }

  enum Verdict: Equatable {
    case discard
    /// - Parameter isSlowest: whether what is held for the interval gives way to it.
    case keep(isSlowest: Bool)
    /// To be kept at `untilMicros`, unless something slower comes before.
    case hold(untilMicros: Int64)
  }

  private struct Slot {
    /// Requests of this minute that are kept in any case.
    var certain = 0
    /// When another request is captured.
    var probeMicros: Int64 = 0
    /// Requests that are captured before that.
    var pursued = 0
    /// Traces of this minute by outcome.
    var outcomes: [Int: Int] = [:]
  }

  private struct Name: Hashable {
    var method: String
    var name: String
  }

  let sampling: TraceSampling
  /// When the present minute ends.
  private var minuteEnd = Int64.min
  /// Of the present minute. The first stands for resources that have none of their own.
  private var slots: [Slot] = []
  private var slotsByRequest: [ObjectIdentifier: Int] = [:]
  private var slotsByName: [Name: Int] = [:]
  /// The present interval, and what was captured in it.
  private var interval = Int64.min
  private var failures = 0
  private var slowestMicros: Int32 = -1
  private var pursuits = 0
  /// Traces in all, but those that were held.
  private var traces = 0

  init(_ sampling: TraceSampling) { self.sampling = sampling }

  var isOn: Bool { sampling != .off }

  /// A request is about to be sent. Returns a ticket when it is to be captured.
  ///
  /// - Parameter atMicros: the present time on the coordinator's clock.
  mutating func begins(_ request: ScriptRequest, atMicros: Int64) -> Ticket? {
    switch sampling {
    case .off: return nil
    case .all:
      // More would not be stored. Of the first of these the coordinator says so.
      guard traces <= Limits.tracesPerExecutionMax else { return nil }
      traces += 1
      return Ticket(slot: 0, minute: 0, isCertain: true)
    case .sampled(let perMinute):
      if atMicros >= minuteEnd { enterMinute(atMicros) }
      let slot = slot(of: request)
      let isCertain = slot > 0 && slots[slot].certain < perMinute
      if isCertain {
        slots[slot].certain += 1
      } else if slots[slot].pursued > 0 {
        slots[slot].pursued -= 1
      } else if atMicros < slots[slot].probeMicros {
        return nil
      }
      slots[slot].probeMicros = atMicros + Limits.traceProbeMicros * Int64(slots.count)
      guard traces <= Limits.tracesPerExecutionMax else { return nil }
      return Ticket(slot: slot, minute: minuteEnd, isCertain: isCertain)
    }
  }

  /// A request with a ticket could not be sent: nothing was captured.
  mutating func gaveUp(_ ticket: Ticket) {
    switch sampling {
    case .off: break
    case .all: traces -= 1
    case .sampled:
      if ticket.isCertain, ticket.minute == minuteEnd { slots[ticket.slot].certain -= 1 }
    }
  }

  /// A captured request has ended.
  mutating func ended(_ ticket: Ticket, _ row: RequestRow, atMicros: Int64) -> Verdict {
    guard case .sampled(let perMinute) = sampling else { return .keep(isSlowest: false) }
    var isKept = ticket.isCertain
    if ticket.minute == minuteEnd {
      let outcome = row.error == .none ? Int(row.status) : 1_000 + Int(row.error.rawValue)
      let count = slots[ticket.slot].outcomes[outcome] ?? 0
      slots[ticket.slot].outcomes[outcome] = count + 1
      isKept = isKept || count < perMinute
    }
    enterInterval(atMicros)
    if !row.success {
      failures += 1
      isKept = isKept || failures <= Limits.traceFailuresPerInterval
    }
    let isSlowest = row.connectionCloseMicros > slowestMicros
    slowestMicros = max(slowestMicros, row.connectionCloseMicros)
    if isKept { traces += 1 }
    if isKept { return .keep(isSlowest: isSlowest) }
    return isSlowest ? .hold(untilMicros: (interval + 1) * Self.intervalMicros) : .discard
  }

  /// A request that was not captured has failed.
  mutating func failedUnseen(_ request: ScriptRequest, atMicros: Int64) {
    guard case .sampled = sampling, atMicros < minuteEnd else { return }
    enterInterval(atMicros)
    guard failures < Limits.traceFailuresPerInterval, pursuits < Self.pursuitsPerInterval else {
      return
    }
    let slot = slot(of: request)
    guard slots[slot].pursued == 0 else { return }
    slots[slot].pursued = Self.pursuit
    pursuits += Self.pursuit
  }

  private mutating func enterMinute(_ atMicros: Int64) {
    minuteEnd = (atMicros / Self.minuteMicros + 1) * Self.minuteMicros
    slots.removeAll(keepingCapacity: true)
    slots.append(Slot())
    slotsByRequest.removeAll(keepingCapacity: true)
    slotsByName.removeAll(keepingCapacity: true)
  }

  private mutating func enterInterval(_ atMicros: Int64) {
    let present = atMicros / Self.intervalMicros
    guard present > interval else { return }
    interval = present
    failures = 0
    slowestMicros = -1
    pursuits = 0
  }

  private mutating func slot(of request: ScriptRequest) -> Int {
    if let known = slotsByRequest[ObjectIdentifier(request)] { return known }
    let name = Name(method: request.method, name: request.name ?? request.url)
    let found = slotsByName[name] ?? newSlot(name)
    // Others may get the address of a request that is not kept.
    if request.isConstant { slotsByRequest[ObjectIdentifier(request)] = found }
    return found
  }

  private mutating func newSlot(_ name: Name) -> Int {
    guard slots.count <= Limits.tracedResourcesMax else { return 0 }
    slotsByName[name] = slots.count
    slots.append(Slot())
    return slots.count - 1
  }
}
