import Shared

extension Specification {
  private static let comparison: [Parameter] = [
    .query(
      "ids", .string(pattern: "^[0-9]+(,[0-9]+)+$"),
      "Two to ten executions, separated by commas; the first one is the baseline.",
      isRequired: true),
    .query(
      "minChangePercent", .number(0...1_000, default: 5), "What is less is no change."),
    .query("confidence", .number(0.5...0.999_999, default: 0.95), "Of all verdicts together."),
  ]

  static let reports = Area(
    tag: "Reports", description: "What came of it, for people and for other programs.",
    operations: pdf + [
      .get(
        "executions/:id/junit.xml", "downloadJUnit", "JUnit report",
        "Limits, tests and checks as test cases, for build servers.", [],
        .download("application/xml", "JUnit XML.")),
      .get(
        "executions/compare", "compareExecutions", "Compare executions",
        "Differences by resource with their confidence, so that a regression shows.", comparison,
        .json(.component("Comparison"), "The comparison.")
      ).failing(.notFound),
      .get(
        "executions/compare.csv", "downloadComparison", "Compare executions, as CSV", "",
        comparison, .csv("a row is one difference")
      ).failing(.notFound),
    ])

  private static let pdf = [APIOperation].gets(
    "results.pdf", in: RouteScope.regions, "downloadReport", "Report in PDF",
    "Verdict, charts, tables. While it runs: as far as it has come.",
    [
      .query(
        "dashboardId", .choice(ReportDashboard.allCases.map(\.rawValue), default: "overview"),
        "What it is about."),
      .query(
        "tz", .string.with("default", .string("UTC")).example(.string("America/Chicago")),
        "The IANA time zone of all times."),
      .query("enc", .choice(["base64"]), "`base64` for a text instead of a download."),
    ],
    APIOperation.Answer(
      content: APIOperation.Content(
        types: [("application/pdf", .any), ("text/plain", .string)],
        description: "The report.", example: nil))
  ).map { $0.failing(.unavailable) }
}
