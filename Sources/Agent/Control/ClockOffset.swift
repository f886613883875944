/// How far the coordinator's clock is ahead of ours, from the four timestamps of heartbeats:
/// of the last 8 exchanges, the one with the shortest round trip is believed (RFC 5905, the
/// clock filter, in its simplest form). Pure; microseconds.
struct ClockOffset: Sendable {
  private static let kept = 8
  /// Further apart than their round trips and this allow, two exchanges tell that a clock was set:
  /// two clocks that NTP slews at its most, 500 ppm each, part by this in 50 s.
  private static let driftMicrosMax: Int64 = 50_000
  private var samples: [(offset: Int64, roundTrip: Int64)] = []

  /// `t1`, `t4`: sent and answered on our clock; `t2`, `t3`: received and sent on theirs.
  mutating func exchanged(t1: Int64, t2: Int64, t3: Int64, t4: Int64) {
    // A clock that jumped in between makes nonsense of the exchange.
    let roundTrip = t4.minus(t1).minus(t3.minus(t2))
    guard roundTrip >= 0 else { return }
    let offset = t2.minus(t1).plus(t3.minus(t4)) / 2
    if let best {
      // Each is right to half its round trip.
      let apart = (best.roundTrip.plus(roundTrip) / 2).plus(Self.driftMicrosMax)
      if offset.minus(best.offset).magnitude > apart.magnitude { samples = [] }
    }
    samples.append((offset, roundTrip))
    if samples.count > Self.kept { samples.removeFirst() }
  }

  /// Add it to our wall clock to get the coordinator's. 0 before the first exchange.
  var offsetMicros: Int64 { best?.offset ?? 0 }

  /// The true offset lies within this of `offsetMicros`; nil before the first exchange.
  var uncertaintyMicros: Int64? { best.map { $0.roundTrip / 2 } }

  private var best: (offset: Int64, roundTrip: Int64)? {
    samples.min { $0.roundTrip < $1.roundTrip }
  }
}
