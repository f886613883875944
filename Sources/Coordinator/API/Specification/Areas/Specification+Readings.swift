import Shared

extension Specification {
  private static let intervals = Parameter.query(
    "intervals", .boolean,
    "Whether to include the intervals of each; not, unless `numIntervals` or `since` is given.")

  private static let metric: [Parameter] = [
    .query(
      "ns", .string.with("default", .string(MetricDefinition.systemNamespace)),
      "Its namespace; `\(TestLimit.userNamespace)` for metrics of scripts."),
    .query(
      "name", .string(1...Int(Int32.max)).example(.string("firstReceivedMs")), "Its name.",
      isRequired: true),
  ]

  private static let window: [Parameter] =
    [
      .query(
        "numIntervals", .integer(0...Int64.max), "Only so many, the latest of those wanted."),
      .query(
        "since", .integer(Int64.min...Int64.max),
        "Only those that start then or later, milliseconds since the Unix epoch."),
    ]

  static let readings = Area(
    tag: "Readings", description: "Results, aggregated in intervals of ten seconds.",
    operations: .gets(
      "summary", "getSummary", "Summary", "", [], .json(.component("Summary"), "The summary."))
      + .gets(
        "metric", "getMetric", "One metric", "", metric,
        .json(.component("NamedMetric"), "The metric; all zeros if nothing was recorded."))
      + .gets(
        "intervals", "listIntervals", "Intervals", "", window + Parameter.page,
        .json(.array(.component("Summary")), "Those with results, oldest first."))
      + .gets(
        "resources", in: RouteScope.regions, "listResources", "Resources", "",
        [intervals] + window + Parameter.page,
        .json(.array(.component("ResourceReading")), "Each resource with its summary."))
      + resource)

  private static let resource: [APIOperation] = RouteScope.regions.map { scope in
    .get(
      "\(scope.pattern)/resources/:resource",
      scope == .region ? "getResourceOfRegion" : "getResource", "Results of one resource", "",
      [
        .query("intervals", .boolean(default: true), "Whether to include its intervals.")
      ] + window, .json(.component("ResourceReading"), "The resource with its summary."))
  }
}
