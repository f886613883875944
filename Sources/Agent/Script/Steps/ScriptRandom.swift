/// A small generator of random numbers for one client: SplitMix64 (Steele, Lea and Flood 2014,
/// "Fast splittable pseudorandom number generators"). Eight bytes of state, no allocation.
struct ScriptRandom: RandomNumberGenerator {
  private var state: UInt64

  /// Streams of different clients of a program share nothing but the seed.
  init(seed: UInt64, client: Int) {
    state = seed
    var mixer = ScriptRandom(state: UInt64(truncatingIfNeeded: client))
    state ^= mixer.next()
  }

  private init(state: UInt64) { self.state = state }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A UUID of version 4 (RFC 9562) as text.
  mutating func uuid() -> String {
    let high = next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
    let low = next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for index in 0..<32 {
      if index == 8 || index == 12 || index == 16 || index == 20 { text.append(0x2D) }
      let half = index < 16 ? high : low
      text.append(digits[Int(half >> UInt64(60 - index % 16 * 4) & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
