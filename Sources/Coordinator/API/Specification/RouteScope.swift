/// The part of an execution that a route is about: most are there for several.
enum RouteScope: CaseIterable, Sendable {
  case execution, region, resource, resourceInRegion

  static let regions: [RouteScope] = [.execution, .region]

  var pattern: String {
    switch self {
    case .execution: "executions/:id"
    case .region: "executions/:id/regions/:region"
    case .resource: "executions/:id/resources/:resource"
    case .resourceInRegion: "executions/:id/regions/:region/resources/:resource"
    }
  }

  /// What ids of operations end with.
  fileprivate var suffix: String {
    switch self {
    case .execution: ""
    case .region: "OfRegion"
    case .resource: "OfResource"
    case .resourceInRegion: "OfResourceInRegion"
    }
  }

  fileprivate var words: String {
    switch self {
    case .execution: "of an execution"
    case .region: "of one region of an execution"
    case .resource: "of one resource of an execution"
    case .resourceInRegion: "of one resource in one region of an execution"
    }
  }
}

extension [APIOperation] {
  /// GET of one thing in every scope that has it.
  ///
  /// - Parameters:
  ///   - tail: the last segment of the path.
  ///   - what: begins the summary: `Logs`, say.
  static func gets(
    _ tail: String, in scopes: [RouteScope] = RouteScope.allCases, _ id: String, _ what: String,
    _ details: String = "", _ parameters: [Parameter] = [], _ answer: APIOperation.Answer
  ) -> [APIOperation] {
    scopes.map { scope in
      .get(
        "\(scope.pattern)/\(tail)", id + scope.suffix, "\(what) \(scope.words)", details,
        parameters, answer)
    }
  }

  /// The same as JSON under `tail`, and as CSV under `tail.csv`.
  static func lists(
    _ tail: String, in scopes: [RouteScope] = RouteScope.allCases, _ id: String, _ what: String,
    _ details: String = "", _ parameters: [Parameter] = [], of element: Schema, row: String
  ) -> [APIOperation] {
    gets(
      tail, in: scopes, "list\(id)", what, details, parameters,
      .json(.array(element), "One element is \(row)."))
      + gets(
        "\(tail).csv", in: scopes, "download\(id)", "\(what) as CSV,", details, parameters,
        .csv("a row is \(row)"))
  }
}
