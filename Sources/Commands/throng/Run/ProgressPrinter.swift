import CLinux
import Glibc
import Shared

/// The progress line of a run: repainted on a terminal, one line per interval otherwise.
struct ProgressPrinter {
  struct State: Equatable {
    var phase: String
    var users: Int
    var usersPlanned: Int
    var requestsPerSecond: Double
    var requests: Int64
    var errors: Int64
    var p95Micros: Double
    /// Share of the work done, 0 to 1.
    var progress: Double
    var secondsLeft: Double?
  }

  private let terminal: Bool
  private let quiet: Bool
  private var painted = false
  private var lastLineAt: Int64 = 0
  /// Seconds between lines when standard output is no terminal: the aggregation interval's.
  private static let lineNanos: Int64 = Limits.intervalMs * 1_000_000

  init(quiet: Bool) {
    self.quiet = quiet
    terminal = isatty(1) == 1
  }

  mutating func show(_ state: State, now: Int64, force: Bool = false) {
    guard !quiet else { return }
    if terminal {
      let columns = Int(throng_terminal_columns(1))
      let text = Self.text(state)
      write("\r\u{1b}[K" + String(text.prefix(columns > 8 ? columns - 1 : 120)))
      painted = true
    } else if force || now - lastLineAt >= Self.lineNanos {
      lastLineAt = now
      write(Self.text(state) + "\n")
    }
  }

  /// Leaves the line as it stands.
  mutating func end() {
    if painted { write("\n") }
    painted = false
  }

  static func text(_ state: State) -> String {
    let filled = Int((min(1, max(0, state.progress)) * 20).rounded(.down))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
    var text =
      "\(bar) \(state.phase)  users \(state.users)/\(state.usersPlanned)"
      + "  \(SummaryReport.decimal(state.requestsPerSecond, 0)) req/s"
      + "  \(state.requests) requests  \(state.errors) errors"
      + "  p95 \(SummaryReport.duration(micros: state.p95Micros))"
    if let left = state.secondsLeft {
      text += "  \(DurationText.text(seconds: left.rounded())) left"
    }
    return text
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Glibc.write(1, bytes, bytes.count)
  }
}
