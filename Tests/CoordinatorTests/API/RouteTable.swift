import Shared
import XCTest

@testable import Coordinator

/// The routes that read or change executions, with an example of each.
struct RouteExample: Sendable {
  var method: String
  /// Below the root. `{…}` stands for an id: `conf`, `id`, `region`, `resource`, `trace`.
  var path: String
  /// A body that is taken, for methods that have one.
  var body = ""
  /// Parameters that it takes, with values that it does not.
  var badParameters: [String] = []
  /// Parameters that it cannot do without.
  var query = ""

  init(
    _ method: String, _ path: String, body: String = "", query: String = "",
    bad: [String] = []
  ) {
    self.method = method
    self.path = path
    self.body = body
    self.query = query
    badParameters = bad
  }

  private static let page = ["offset=-1", "limit=-2"]
  private static let parts = ["executions/{id}", "executions/{id}/regions/{region}"]
  private static let scopes = parts.flatMap { [$0, "\($0)/resources/{resource}"] }

  /// Everything but what differs between live and finished executions.
  static let reads: [RouteExample] =
    lists + scopes.flatMap(aggregates) + parts.flatMap(records)
    + [
      RouteExample("GET", "executions/{id}/logs", bad: ["asc=x", "systemOnly=1"] + page),
      RouteExample("GET", "executions/{id}/logs.txt", bad: ["asc=x", "systemOnly=1"] + page),
      RouteExample("GET", "executions/{id}/junit.xml"),
      RouteExample(
        "GET", "execution-traces/{trace}", bad: ["up=x", "down=x", "includeResult=x"]),
    ]

  static let changes: [RouteExample] = [
    RouteExample("POST", "test-confs/{conf}/executions"),
    RouteExample("PATCH", "executions/{id}/start"),
    RouteExample("PUT", "executions/{id}/start"),
    RouteExample("PATCH", "executions/{id}/manual-start"),
    RouteExample("PUT", "executions/{id}/manual-start"),
    RouteExample("PATCH", "executions/{id}/stop"),
    RouteExample("PUT", "executions/{id}/stop"),
    RouteExample("DELETE", "executions/{id}"),
    RouteExample("POST", "executions/{id}/live-extension", body: #"{"newIterations":9}"#),
    RouteExample("POST", "executions/{id}/send-event", body: #"{"name":"x"}"#),
  ]

  private static let lists: [RouteExample] =
    ["executions", "test-confs/{conf}/executions"].map {
      RouteExample(
        "GET", $0,
        bad: [
          "down=1", "up=yes", "includeScript=x", "includeSummary=x", "includeResources=x",
          "period=2d", "start=x", "end=x", "offset=-1", "limit=-2",
        ])
    } + [
      RouteExample(
        "GET", "executions/{id}",
        bad: [
          "down=1", "up=yes", "includeScript=x", "includeSummary=x", "includeIntervals=x",
          "includeResources=x",
        ])
    ]

  private static func aggregates(_ scope: String) -> [RouteExample] {
    [
      RouteExample("GET", "\(scope)/summary"),
      RouteExample("GET", "\(scope)/metric", query: "name=success", bad: ["ns=a&ns=b"]),
      RouteExample("GET", "\(scope)/intervals", bad: ["numIntervals=-1", "since=x"] + page),
      RouteExample("GET", "\(scope)/results", bad: page),
      RouteExample("GET", "\(scope)/results.csv", bad: page),
    ]
      + (scope.hasSuffix("{resource}")
        ? [RouteExample("GET", scope, bad: ["intervals=x"])]
        : [RouteExample("GET", "\(scope)/resources", bad: ["intervals=x"] + page)])
  }

  private static func records(_ part: String) -> [RouteExample] {
    let results = ["suite-results", "failed-suite-results"]
    let forms = ["", ".csv"]
    return results.flatMap { name in
      forms.map { RouteExample("GET", "\(part)/\(name)\($0)", bad: page + ["threadId=x"]) }
    }
      + forms.flatMap { form in
        [
          RouteExample("GET", "\(part)/suite-summaries\(form)", bad: ["includeErrors=x"]),
          RouteExample("GET", "\(part)/suite-errors\(form)"),
        ]
      } + [RouteExample("GET", "\(part)/traces", bad: page)]
  }

  /// The target of a request for it.
  func target(_ ids: [String: String], _ parameters: String = "") -> String {
    var target = "/" + path
    for (name, id) in ids { target = target.replacingOccurrences(of: "{\(name)}", with: id) }
    let all = [query, parameters].filter { !$0.isEmpty }.joined(separator: "&")
    return all.isEmpty ? target : "\(target)?\(all)"
  }

  /// Names of the ids in its path.
  var names: [String] {
    path.matches(of: #/\{(\w+)\}/#).map { String($0.1) }
  }
}
