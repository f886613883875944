/// Which view of the results a report gives; raw values are those of `dashboardId`.
enum ReportDashboard: String, CaseIterable, Sendable {
  case overview, resources, errors
}
