import Shared

/// How much of what scripts say an execution keeps, and how much was cut since it would keep
/// more than its bounds. Pure.
struct RecordCounts: Equatable {
  /// What a bound is on.
  enum Kind: CaseIterable { case logs, suiteResults, files, traces }

  /// Entries of scripts; the system's own do not count.
  var logs = 0
  var suiteResults = 0
  var files = 0
  var fileBytes = 0
  var traces = 0
  var traceBytes = 0
  private var cut: [Kind: Int64] = [:]

  /// Whether one more is kept. If not, it is counted as cut.
  mutating func admits(_ kind: Kind) -> Bool {
    switch kind {
    case .logs where logs < Limits.logEntriesPerExecutionMax: logs += 1
    case .suiteResults where suiteResults < Limits.suiteResultsPerExecutionMax: suiteResults += 1
    case .files
    where files < Limits.filesPerExecutionMax && fileBytes < Limits.fileBytesPerExecutionMax:
      files += 1
    case .traces
    where traces < Limits.tracesPerExecutionMax && traceBytes < Limits.traceBytesPerExecutionMax:
      traces += 1
    default:
      cut[kind, default: 0] += 1
      return false
    }
    return true
  }

  /// Whether a file of `size` bytes may grow by `bytes`. If not, it counts as cut, and nothing of
  /// it is kept.
  mutating func grows(file size: Int64, by bytes: Int) -> Bool {
    guard size + Int64(bytes) <= Int64(Limits.fileBytesMax),
      fileBytes + bytes <= Limits.fileBytesPerExecutionMax
    else {
      files -= 1
      fileBytes -= Int(size)
      cut[.files, default: 0] += 1
      return false
    }
    fileBytes += bytes
    return true
  }

  /// What is said at once when the first of a kind is cut; the rest is only counted.
  func announcement(of kind: Kind) -> String? {
    guard cut[kind] == 1, let rule = Self.rule(kind) else { return nil }
    return kind == .traces
      ? "\(rule). Later requests have none" : "\(rule). Further ones are counted, not kept"
  }

  /// What is said at the end of what was cut.
  var summaries: [String] {
    Kind.allCases.compactMap { kind in
      guard let count = cut[kind] else { return nil }
      let was = count == 1 ? "was" : "were"
      switch kind {
      case .logs:
        return "\(count) log \(count == 1 ? "entry" : "entries") of scripts \(was) cut: an "
          + "execution keeps at most \(Limits.logEntriesPerExecutionMax)"
      case .suiteResults: return "\(count) suite \(Self.plural("result", count)) \(was) not kept"
      case .files: return "\(count) output \(Self.plural("file", count)) \(was) not kept"
      // Agents make no more either, so their number would say little.
      case .traces: return nil
      }
    }
  }

  private static func plural(_ word: String, _ count: Int64) -> String {
    count == 1 ? word : word + "s"
  }

  private static func rule(_ kind: Kind) -> String? {
    switch kind {
    case .logs: nil
    case .suiteResults:
      "An execution keeps at most \(Limits.suiteResultsPerExecutionMax) suite results"
    case .files:
      "An execution keeps at most \(Limits.filesPerExecutionMax) output files of "
        + "\(Limits.fileBytesMax >> 20) MiB each and \(Limits.fileBytesPerExecutionMax >> 20) MiB "
        + "in all"
    case .traces:
      "An execution keeps at most \(Limits.tracesPerExecutionMax) traces of "
        + "\(Limits.traceBytesPerExecutionMax >> 20) MiB in all"
    }
  }
}

extension RecordCounts {
  /// What the store holds of an execution.
  init(of execution: ExecutionID, in db: Database) throws {
    logs = try LogStore.countOfScripts(execution, in: db)
    suiteResults = try SuiteResultStore.count(of: execution, in: db)
    (files, fileBytes) = try OutputFileStore.totals(of: execution, in: db)
    (traces, traceBytes) = try TraceStore.totals(of: execution, in: db)
  }
}
