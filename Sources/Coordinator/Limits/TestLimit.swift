/// A pass/fail criterion of a test: what must hold of a statistic of a metric.
public struct TestLimit: Codable, Sendable, Equatable {
  /// How k6 would write it, where it comes from a threshold of a k6 script.
  public struct Threshold: Codable, Sendable, Equatable {
    /// The key of `thresholds`, e.g. `http_req_duration{name:Home}`.
    public var metric: String
    /// E.g. `p(95)<500`.
    public var expression: String

    public init(metric: String, expression: String) {
      self.metric = metric
      self.expression = expression
    }
  }

  public var namespace: String
  public var metric: String
  public var statistic: LimitStatistic
  public var op: LimitOperator
  /// In the units of the metric; per second or a share from 0 to 1 for a `rate`.
  public var value: Double
  /// Name of the only resource that counts, nil for all.
  public var resource: String?
  /// Name of the only region that counts, nil for all.
  public var region: String?
  /// Seconds from the start before which it is not judged. At the end it is judged anyway.
  public var afterSecs: Double
  /// Whether a breach ends the test.
  public var stop: Bool
  /// Whether only the end counts. Otherwise what is breached once stays so.
  public var atEnd: Bool
  public var threshold: Threshold?

  public init(
    namespace: String, metric: String, statistic: LimitStatistic, op: LimitOperator,
    value: Double, resource: String? = nil, region: String? = nil, afterSecs: Double = 0,
    stop: Bool = false, atEnd: Bool = false, threshold: Threshold? = nil
  ) {
    self.namespace = namespace
    self.metric = metric
    self.statistic = statistic
    self.op = op
    self.value = value
    self.resource = resource
    self.region = region
    self.afterSecs = afterSecs
    self.stop = stop
    self.atEnd = atEnd
    self.threshold = threshold
  }

  /// Namespace of what scripts record.
  public static let userNamespace = "User"
}

/// A limit and how it stands.
public struct LimitState: Codable, Sendable, Equatable {
  public var limit: TestLimit
  /// What was measured last, or when it was breached; nil before anything was.
  public var measured: Double?
  public var breached = false

  public init(_ limit: TestLimit) { self.limit = limit }
}
