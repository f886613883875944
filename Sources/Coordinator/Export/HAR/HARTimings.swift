import Shared

/// How long the phases of a request took, microseconds; −1 stands for a phase that there was not.
/// Results have times from the request's start, HAR has them one after the other.
struct HARTimings {
  /// Time before anything was done for it; only of requests that failed there.
  private(set) var blocked: Int64 = -1
  private(set) var dns: Int64 = -1
  /// With the handshake of TLS, as HAR has it.
  private(set) var connect: Int64 = -1
  private(set) var ssl: Int64 = -1
  /// Sending is not measured by itself: it is part of the wait.
  private(set) var wait: Int64 = 0
  private(set) var receive: Int64 = 0

  /// - Parameter isSecure: whether it was to go over TLS.
  init(_ row: RequestRow, isSecure: Bool) {
    let end = Int64(max(0, row.connectionCloseMicros))
    let (resolved, opened) = (Int64(row.dnsLookupMicros), Int64(row.connectionOpenMicros))
    let (shaken, first) = (Int64(row.tlsHandshakeMicros), Int64(row.firstReceivedMicros))
    var place: Int64 = 0
    func phase(until time: Int64) -> Int64 {
      // Times of a request that was sent again over a new connection may overlap.
      defer { place = max(place, time) }
      return max(0, time - place)
    }
    if resolved > 0 {
      dns = phase(until: resolved)
    } else if resolved < 0, end > 0, row.status == 0 {
      // It ended before there was an address.
      switch row.error {
      case .dns, .timeout, .connectTimeout: dns = phase(until: end)
      default: blocked = phase(until: end)
      }
    }
    if opened > 0 {
      let failedInHandshake = isSecure && shaken < 0 && row.status == 0
      let secured = failedInHandshake ? end : shaken
      connect = phase(until: max(opened, secured))
      if secured > 0 { ssl = max(0, secured - opened) }
    } else if opened < 0, resolved >= 0, row.status == 0 {
      connect = phase(until: end)
    }
    if first > 0 { wait = phase(until: first) } else { wait = phase(until: end) }
    receive = phase(until: end)
  }

  /// The sum of all phases; TLS counts as part of connecting.
  var total: Int64 { [blocked, dns, connect, wait, receive].reduce(0) { $0 + max(0, $1) } }

  func write(to json: inout JSONWriter) {
    json.beginObject()
    for (name, micros) in [
      ("blocked", blocked), ("dns", dns), ("connect", connect), ("ssl", ssl), ("send", 0),
      ("wait", wait), ("receive", receive),
    ] {
      json.key(name)
      if micros < 0 { json.int(-1) } else { json.milliseconds(micros: micros) }
    }
    json.endObject()
  }
}
