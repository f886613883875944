import Shared

/// The `thresholds` of a k6 script as limits of a test. Pure.
public struct Thresholds: Sendable, Equatable {
  /// A part of a metric's values that the script host records under a name of its own, as a
  /// metric in the namespace `User`, because a threshold asks for it.
  public struct Submetric: Sendable, Equatable {
    /// The whole key, e.g. `http_req_duration{type:API}`.
    public var name: String
    /// The metric whose values are recorded, e.g. `http_req_duration`.
    public var metric: String
    /// Tags that a value must have to count, all of them; none for every value.
    public var tags: [String: String]

    public init(name: String, metric: String, tags: [String: String]) {
      self.name = name
      self.metric = metric
      self.tags = tags
    }
  }

  public private(set) var limits: [TestLimit] = []
  public private(set) var submetrics: [Submetric] = []

  /// Limits alone.
  ///
  /// - Throws: as `init`.
  public static func limits(from value: JSONValue) throws(ValidationError) -> [TestLimit] {
    try Thresholds(value).limits
  }

  /// Reads `thresholds`: an object of arrays of expressions, or of objects with `threshold`,
  /// `abortOnFail` and `delayAbortEval`.
  ///
  /// - Parameters:
  ///   - path: what errors call it.
  ///   - metrics: the script's own, by their names; nil when they are not known before the start.
  /// - Throws: `ValidationError` naming all that is wrong.
  public init(
    _ value: JSONValue, path: String = "options.thresholds",
    metrics: [String: ThresholdExpression.MetricKind]? = nil
  ) throws(ValidationError) {
    guard case .object(let object) = value else {
      throw ValidationError(path, "must be an object of arrays")
    }
    var errors: [FieldError] = []
    for (key, element) in object.members {
      read(key, element, path: "\(path).\(key)", metrics, &errors)
      if errors.count > Limits.validationErrorsMax { break }
    }
    if limits.count > Limits.limitsPerTestMax {
      errors.append(
        FieldError(
          field: path, message: "may have \(Limits.limitsPerTestMax) expressions in all"))
    }
    if !errors.isEmpty { throw ValidationError(errors: errors) }
  }

  private mutating func read(
    _ key: String, _ element: JSONValue, path: String,
    _ metrics: [String: ThresholdExpression.MetricKind]?, _ errors: inout [FieldError]
  ) {
    guard case .array(let elements) = element else {
      errors.append(FieldError(field: path, message: "must be an array of expressions"))
      return
    }
    let metric: ThresholdMetric
    let target: Target
    do {
      metric = try ThresholdMetric(key)
      target = try Self.target(of: metric, metrics)
    } catch {
      errors.append(FieldError(field: path, message: error.reason))
      return
    }
    if let submetric = target.submetric, !elements.isEmpty { submetrics.append(submetric) }
    for (index, element) in elements.enumerated() {
      do throws(ThresholdExpression.Malformed) {
        limits.append(try Self.limit(element, of: metric, target))
      } catch {
        errors.append(FieldError(field: "\(path)[\(index)]", message: error.reason))
      }
    }
  }

  // MARK: what is measured

  private struct Target {
    var namespace = TestLimit.userNamespace
    var metric: String
    var resource: String?
    /// Nil for a metric of the script's own: what it is, shows when it is recorded.
    var kind: ThresholdExpression.MetricKind?
    var submetric: Submetric?
  }

  private static func target(
    of metric: ThresholdMetric, _ metrics: [String: ThresholdExpression.MetricKind]?
  ) throws(ThresholdExpression.Malformed) -> Target {
    let builtIn = BuiltInMetric.named(metric.name)
    if case .unsupported(let reason)? = builtIn?.source {
      throw ThresholdExpression.Malformed("\(metric.name) is not recorded: \(reason)")
    }
    if case .system(let name)? = builtIn?.source {
      var target = Target(
        namespace: MetricDefinition.systemNamespace, metric: name, kind: builtIn?.kind)
      if metric.tags.isEmpty { return target }
      let isCountedByResource = LimitMetric.named(name)?.hasResources ?? false
      // A request without a name of its own has its URL for one in k6, and with the method before
      // it here: that part is recorded by itself.
      if metric.tags.count == 1, let resource = metric.tags["name"], isCountedByResource,
        !resource.hasPrefix("http://"), !resource.hasPrefix("https://")
      {
        target.resource = resource
        return target
      }
    }
    // A selector of anything but the resource: the host records that part by itself.
    if builtIn == nil, let metrics, metrics[metric.name] == nil {
      throw ThresholdExpression.Malformed("there is no metric '\(metric.name)' in the script")
    }
    var target = Target(
      metric: metric.text, kind: builtIn?.kind ?? metrics?[metric.name])
    if builtIn != nil || !metric.tags.isEmpty {
      target.submetric = Submetric(name: metric.text, metric: metric.name, tags: metric.tags)
    }
    return target
  }

  // MARK: what must hold

  private static func limit(
    _ element: JSONValue, of metric: ThresholdMetric, _ target: Target
  ) throws(ThresholdExpression.Malformed) -> TestLimit {
    let text: String
    var (aborts, afterSecs) = (false, 0.0)
    switch element {
    case .string(let expression): text = expression
    case .object(let object): (text, aborts, afterSecs) = try read(object)
    default:
      throw ThresholdExpression.Malformed(
        "must be an expression such as 'p(95)<500' or an object with threshold")
    }
    let expression = try ThresholdExpression(text)
    if let kind = target.kind, !expression.method.isOf(kind) {
      throw ThresholdExpression.Malformed(
        "'\(text)' asks for what \(metric.name) has not: it is a \(kind.rawValue), of which "
          + known(kind) + " can be asked")
    }
    var statistic = expression.method.statistic
    // Both gauges of users are one metric here, of which the latter is the most so far.
    if metric.name == "vus_max", target.namespace == MetricDefinition.systemNamespace {
      statistic = .max
    }
    // Only what aborts is judged before the end: k6 counts the state of the others then.
    return TestLimit(
      namespace: target.namespace, metric: target.metric, statistic: statistic,
      op: expression.op, value: expression.value, resource: target.resource,
      afterSecs: afterSecs, stop: aborts, atEnd: !aborts,
      threshold: .init(metric: metric.text, expression: text))
  }

  private static func known(_ kind: ThresholdExpression.MetricKind) -> String {
    switch kind {
    case .counter: "count and rate"
    case .gauge: "value"
    case .rate: "rate"
    case .trend: "avg, min, max, med and p(N)"
    }
  }

  private static func read(
    _ object: JSONObject
  ) throws(ThresholdExpression.Malformed) -> (String, Bool, Double) {
    var (text, aborts, afterSecs): (String?, Bool, Double) = (nil, false, 0)
    for (name, value) in object.members {
      switch (name, value) {
      case ("threshold", .string(let expression)): text = expression
      case ("abortOnFail", .bool(let flag)): aborts = flag
      case ("abortOnFail", .null), ("delayAbortEval", .null): break
      case ("delayAbortEval", _):
        guard let seconds = seconds(value) else {
          throw ThresholdExpression.Malformed("delayAbortEval must be a duration such as '10s'")
        }
        afterSecs = seconds
      case ("threshold", _): throw ThresholdExpression.Malformed("threshold must be a string")
      case ("abortOnFail", _):
        throw ThresholdExpression.Malformed("abortOnFail must be true or false")
      default: throw ThresholdExpression.Malformed("unknown field \(name.prefix(50))")
      }
    }
    guard let text else { throw ThresholdExpression.Malformed("threshold is required") }
    return (text, aborts, afterSecs)
  }

  /// A duration as k6 reads it: a number, bare or as a text, is milliseconds.
  private static func seconds(_ value: JSONValue) -> Double? {
    var millis = value.number
    if case .string(let text) = value {
      guard let number = Double(text) else { return DurationText.seconds(text) }
      millis = number
    }
    guard let millis, millis >= 0, millis <= Limits.durationSecsMax * 1_000 else { return nil }
    return millis / 1_000
  }
}
