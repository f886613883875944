extension Specification {
  private static let client = Parameter.query(
    "threadId", .string(pattern: "^[0-9]+:.+:[0-9]+$"),
    "Only those of one client: `execution:region:client`, as results name it.")

  private static let errors = Parameter.query(
    "includeErrors", .boolean(default: false),
    "Whether to include the errors of each test: in CSV, a row for each.")

  private static let checks = """
    Tests come first, then checks, each in the order of their ids. A check has the groups that it \
    was made in as its suite, `checks` outside of groups.
    """

  static let suites = Area(
    tag: "Suites", description: "Assertions of scripts: tests (`describe` and `it`) and checks.",
    operations: .lists(
      "suite-results", in: RouteScope.regions, "SuiteResults", "Results of tests and checks",
      checks,
      Parameter.page + [client], of: .component("SuiteResult"), row: "one run of one test or check")
      + .lists(
        "failed-suite-results", in: RouteScope.regions, "FailedSuiteResults",
        "Failed results of tests and checks", checks, Parameter.page + [client],
        of: .component("SuiteResult"),
        row: "one failed run of one test or check")
      + .lists(
        "suite-summaries", in: RouteScope.regions, "SuiteSummaries", "Tests and checks", "",
        [errors],
        of: .component("SuiteSummary"), row: "one test or check with its counts")
      + .lists(
        "suite-errors", in: RouteScope.regions, "SuiteErrors", "Errors of tests and checks", "", [],
        of: .component("SuiteError"), row: "one way in which one test or check has failed"))
}
