import Shared

/// When clients run under a curve of clients: the one in place `p` (see `ClientOrder`) runs while
/// the curve is above `p`. Pure; times are nanoseconds from the beginning of the load.
struct ClientWindows: Sendable {
  private struct Stage {
    var begin: Int64
    var end: Int64
    var from: Double
    var to: Double
  }

  /// What holds, and until when.
  struct State: Equatable {
    var runs: Bool
    /// `Int64.max` when nothing changes any more.
    var until: Int64
  }

  private var stages: [Stage] = []

  init(_ curve: LoadCurve) {
    var seconds = 0.0
    var before = curve.start
    for stage in curve.stages {
      let begin = Int64(seconds * 1e9)
      seconds += stage.durationSecs
      let end = Int64(seconds * 1e9)
      if end > begin {
        stages.append(Stage(begin: begin, end: end, from: before, to: stage.target))
      }
      before = stage.target
    }
  }

  /// Whether the client in this place runs at `nanos`, and when that changes. Nobody runs before
  /// the beginning and after the last stage.
  func state(place: Int, at nanos: Int64) -> State {
    var present: Bool? = nanos < 0 ? false : nil
    for stage in stages where stage.end > nanos {
      let (first, split, second) = Self.halves(stage, Double(place))
      if split > stage.begin, split > nanos {
        if let present, first != present { return State(runs: present, until: stage.begin) }
        present = first
      }
      if split < stage.end {
        if let present, second != present { return State(runs: present, until: split) }
        present = second
      }
    }
    guard present == true else { return State(runs: false, until: .max) }
    return State(runs: true, until: stages.last?.end ?? 0)
  }

  /// Whether a client runs in the first part of a stage and in the second, and where these meet:
  /// the first nanosecond at which the other holds, or an end of the stage when nothing changes.
  private static func halves(
    _ stage: Stage, _ place: Double
  ) -> (first: Bool, split: Int64, second: Bool) {
    let (before, after) = (stage.from > place, stage.to > place)
    guard before != after else {
      // On the line between them it is above as well, except where it rises from the place itself.
      return (before, stage.end, before)
    }
    let share = (place - stage.from) / (stage.to - stage.from)
    let offset = share * Double(stage.end - stage.begin)
    // Rising, the curve is above the place only after it has met it; falling, only until then.
    let split = stage.begin + Int64(after ? offset.rounded(.down) + 1 : offset.rounded(.up))
    return (before, min(max(split, stage.begin), stage.end), after)
  }
}
