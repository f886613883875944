import Shared

/// Where the value of a metric over all agents comes from while a test runs. From any thread.
public protocol MetricSource: Sendable {
  /// The value of now as the API shows it, or nil when nothing was recorded yet.
  ///
  /// - Parameter resource: nil for the sum over all resources.
  func metric(
    of execution: ExecutionID, namespace: String, name: String, resource: String?
  ) throws -> JSONValue?
}
