/// One stretch of a curve: a straight line from where the curve stood to `target`.
public struct LoadStage: Codable, Sendable, Equatable {
  /// Seconds, 0 for a jump.
  public var durationSecs: Double
  /// Value at the stage's end, 0 or more.
  public var target: Double

  public init(durationSecs: Double, target: Double) {
    self.durationSecs = durationSecs
    self.target = target
  }
}

/// A value over time in straight lines: clients, or iterations per second.
public struct LoadCurve: Codable, Sendable, Equatable {
  /// Value at the beginning, 0 or more.
  public var start: Double
  public var stages: [LoadStage]

  public init(start: Double, stages: [LoadStage]) {
    self.start = start
    self.stages = stages
  }

  /// Seconds of all stages.
  public var durationSecs: Double { stages.reduce(0) { $0 + $1.durationSecs } }

  /// The largest value.
  public var peak: Double { stages.reduce(start) { max($0, $1.target) } }

  /// The area below the curve: with a rate per second, how many there are in all. A trapezium
  /// per stage.
  public var area: Double {
    var before = start
    var area = 0.0
    for stage in stages {
      area += (before + stage.target) / 2 * stage.durationSecs
      before = stage.target
    }
    return area
  }

  /// The value `seconds` after the beginning. A jump counts from its instant on; after the last
  /// stage the value stays.
  public func value(at seconds: Double) -> Double {
    var before = start
    var begin = 0.0
    for stage in stages {
      let end = begin + stage.durationSecs
      if seconds < end {
        let share = max(0, seconds - begin) / stage.durationSecs
        return before + (stage.target - before) * share
      }
      before = stage.target
      begin = end
    }
    return before
  }

  /// The curve with another duration in all: a longer one reaches its last target later, a
  /// shorter one is left where it then stands.
  public func lasting(_ seconds: Double) -> LoadCurve {
    var kept: [LoadStage] = []
    var before = start
    var left = seconds
    for stage in stages {
      guard stage.durationSecs < left else {
        let share = stage.durationSecs > 0 ? left / stage.durationSecs : 1
        kept.append(
          LoadStage(durationSecs: left, target: before + (stage.target - before) * share))
        return LoadCurve(start: start, stages: kept)
      }
      kept.append(stage)
      left -= stage.durationSecs
      before = stage.target
    }
    if !kept.isEmpty { kept[kept.count - 1].durationSecs += left }
    return LoadCurve(start: start, stages: kept)
  }
}
