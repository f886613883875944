import Shared

/// What of an execution an answer includes.
struct ExecutionIncludes {
  /// Regions and their chunks.
  var down = true
  /// The test configuration.
  var up = false
  var script = true
  var summary = true
  var intervals = false
  var resources = false

  /// As the answers to start, stop and the like have it.
  static let withoutResults = ExecutionIncludes(summary: false)

  init(summary: Bool = true) { self.summary = summary }

  /// Reads the parameters of a list of executions.
  init(list query: inout QueryReader) {
    down = query.bool("down", default: true)
    up = query.bool("up", default: false)
    script = query.bool("includeScript", default: true)
    summary = query.bool("includeSummary", default: true)
    resources = query.bool("includeResources", default: false)
  }

  /// Reads the parameters of one execution.
  init(single query: inout QueryReader) {
    down = query.bool("down", default: true)
    up = query.bool("up", default: true)
    script = query.bool("includeScript", default: true)
    summary = query.bool("includeSummary", default: true)
    intervals = query.bool("includeIntervals", default: false)
    resources = query.bool("includeResources", default: false)
  }
}
