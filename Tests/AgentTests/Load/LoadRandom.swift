import Shared

/// Random loads that a seed reproduces (SplitMix64, Steele et al. 2014).
struct LoadRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }

  /// A curve of whole targets up to `most`, with jumps and stretches of nothing.
  mutating func curve(upTo most: Int) -> LoadCurve {
    let stages = (0..<Int.random(in: 1...6, using: &self)).map { _ in
      LoadStage(
        durationSecs: Int.random(in: 0...3, using: &self) == 0
          ? 0 : Double(Int.random(in: 1...40, using: &self)) / 8,
        target: target(upTo: most))
    }
    return LoadCurve(start: target(upTo: most), stages: stages)
  }

  private mutating func target(upTo most: Int) -> Double {
    let isNothing = Int.random(in: 0...3, using: &self) == 0
    return isNothing ? 0 : Double(Int.random(in: 0...most, using: &self))
  }

  /// `0..<total` cut into contiguous ranges.
  mutating func cut(_ total: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var first = 0
    while first < total {
      let end = Int.random(in: (first + 1)...total, using: &self)
      ranges.append(first..<end)
      first = end
    }
    return ranges
  }
}
