import Shared

/// When clients run under a curve of clients, as k6 has it (`lib/executor/ramping_vus.go`): the
/// one in place `p` (see `ClientOrder`) comes once the curve has risen to `p + 1`, and goes once
/// it has fallen to `p`. Pure; times are nanoseconds from the beginning of the load.
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

  private let start: Double
  private var stages: [Stage] = []

  init(_ curve: LoadCurve) {
    start = curve.start
    var seconds = 0.0
    var before = curve.start
    for stage in curve.stages {
      let begin = Int64(saturating: seconds * 1e9)
      seconds += stage.durationSecs
      let end = Int64(saturating: seconds * 1e9)
      stages.append(Stage(begin: begin, end: end, from: before, to: stage.target))
      before = stage.target
    }
  }

  /// Whether the client in this place runs at `nanos`, and when that changes. Nobody runs before
  /// the beginning and after the last stage.
  func state(place: Int, at nanos: Int64) -> State {
    let end = stages.last?.end ?? 0
    guard nanos < end else { return State(runs: false, until: .max) }
    var runs = start >= Double(place) + 1
    var held = nanos < 0 ? false : runs
    /// When it is first otherwise than it is held to be.
    var change: Int64? = runs != held ? 0 : nil
    for stage in stages {
      guard let at = Self.change(in: stage, Double(place), runs: runs) else { continue }
      if let change, at > change { break }
      runs.toggle()
      if at <= nanos {
        held = runs
      } else {
        // What changes and changes back at one instant never held.
        change = runs != held ? at : nil
      }
    }
    guard let change, change < end else { return State(runs: held, until: held ? end : .max) }
    return State(runs: held, until: change)
  }

  /// When the client comes or goes within a stage; nil when it does neither.
  private static func change(in stage: Stage, _ place: Double, runs: Bool) -> Int64? {
    let level = runs ? place : place + 1
    guard runs ? stage.to <= level : stage.to >= level else { return nil }
    // The line may begin beyond the level where an extension has cut a stage short.
    let share = (stage.to - level) / (stage.to - stage.from)
    guard share.isFinite, share > 0 else { return share == 0 ? stage.end : stage.begin }
    let left = Double(stage.end.minus(stage.begin)) * min(1, share)
    return max(stage.begin, stage.end.minus(Int64(saturating: left)))
  }
}
