extension Specification {
  private static let client = Parameter.query(
    "threadId", .string(pattern: "^[0-9]+:.+:[0-9]+$"),
    "Only those of one client: `execution:region:client`, as results name it.")

  private static let errors = Parameter.query(
    "includeErrors", .boolean(default: false),
    "Whether to include the errors of each test: in CSV, a row for each.")

  static let suites = Area(
    tag: "Suites", description: "Tests within scripts (`describe` and `it`).",
    operations: .lists(
      "suite-results", in: RouteScope.regions, "SuiteResults", "Results of tests", "",
      Parameter.page + [client], of: .component("SuiteResult"), row: "one run of one test")
      + .lists(
        "failed-suite-results", in: RouteScope.regions, "FailedSuiteResults",
        "Failed results of tests",
        "", Parameter.page + [client], of: .component("SuiteResult"),
        row: "one failed run of one test")
      + .lists(
        "suite-summaries", in: RouteScope.regions, "SuiteSummaries", "Tests", "", [errors],
        of: .component("SuiteSummary"), row: "one test with its counts")
      + .lists(
        "suite-errors", in: RouteScope.regions, "SuiteErrors", "Errors of tests", "", [],
        of: .component("SuiteError"), row: "one way in which one test has failed"))
}
