import Shared

/// The `limits` of a test configuration.
enum LimitsBody {
  /// - Parameter regions: names of the regions that the test has.
  static func read(_ reader: inout FieldReader, regions: [String]) -> [TestLimit] {
    guard let elements = reader.array("limits") else { return [] }
    guard elements.count <= Limits.limitsPerTestMax else {
      reader.fail("limits", "must have at most \(Limits.limitsPerTestMax) elements")
      return []
    }
    var limits: [TestLimit] = []
    for (index, element) in elements.enumerated() {
      let path = reader.path(of: "limits", index)
      guard case .object(let object) = element else {
        reader.absorb([FieldError(field: path, message: "must be an object")])
        continue
      }
      var inner = FieldReader(object, path: path)
      let limit = read(&inner, regions)
      inner.finish()
      reader.absorb(inner.errors)
      if let limit { limits.append(limit) }
    }
    return limits
  }

  /// Nil when something is wrong, which has been noted.
  private static func read(_ reader: inout FieldReader, _ regions: [String]) -> TestLimit? {
    let name = reader.string("metric", required: true, maxLength: 255)
    let namespace =
      reader.string("namespace", maxLength: 255) ?? MetricDefinition.systemNamespace
    let statistic = readStatistic(&reader)
    let op = readOperator(&reader)
    let value = reader.double(
      "value", range: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude,
      required: true)
    let resource = reader.string("resource", maxLength: Limits.stepsTextLengthMax)
    let region = reader.string("region", maxLength: 100)
    let afterSecs = reader.double("afterSecs", range: 0...Limits.durationSecsMax) ?? 0
    let stop = reader.bool("stop") ?? false
    let atEnd = reader.bool("atEnd") ?? false
    let threshold = readThreshold(&reader)
    if let region, !regions.contains(region) {
      reader.fail("region", "the test has no region '\(region)'")
    }
    if namespace.isEmpty { reader.fail("namespace", "must not be empty") }
    if stop, atEnd { reader.fail("atEnd", "cannot be given together with stop") }
    if let name, namespace == MetricDefinition.systemNamespace {
      check(name, statistic, hasResource: resource != nil, &reader)
    }
    guard reader.errors.isEmpty, let name, let statistic, let op, let value else { return nil }
    return TestLimit(
      namespace: namespace, metric: name, statistic: statistic, op: op, value: value,
      resource: resource, region: region, afterSecs: afterSecs, stop: stop, atEnd: atEnd,
      threshold: threshold)
  }

  private static func check(
    _ name: String, _ statistic: LimitStatistic?, hasResource: Bool,
    _ reader: inout FieldReader
  ) {
    guard let metric = LimitMetric.named(name) else {
      reader.fail(
        "metric",
        "there is no metric '\(name)' in \(MetricDefinition.systemNamespace); those of scripts "
          + "are in the namespace \(TestLimit.userNamespace)")
      return
    }
    if let statistic, !metric.has(statistic) {
      reader.fail("statistic", "of \(name) must be one of \(metric.statistics)")
    }
    if hasResource, !metric.hasResources {
      reader.fail("resource", "\(name) is not counted by resource")
    }
  }

  private static func readStatistic(_ reader: inout FieldReader) -> LimitStatistic? {
    guard let text = reader.string("statistic", required: true, maxLength: 100) else { return nil }
    if let statistic = LimitStatistic(rawValue: text) { return statistic }
    reader.fail(
      "statistic", "must be count, mean, min, max, sd, rate, value, or a percentile such as p95")
    return nil
  }

  private static func readOperator(_ reader: inout FieldReader) -> LimitOperator? {
    guard let text = reader.string("op", required: true, maxLength: 100) else { return nil }
    if let op = LimitOperator(rawValue: text) { return op }
    let all = LimitOperator.allCases.map(\.rawValue).joined(separator: " ")
    reader.fail("op", "must be one of \(all)")
    return nil
  }

  private static func readThreshold(_ reader: inout FieldReader) -> TestLimit.Threshold? {
    guard let object = reader.object("threshold") else { return nil }
    var inner = FieldReader(object, path: reader.path(of: "threshold"))
    let metric = inner.string("metric", required: true)
    let expression = inner.string("expression", required: true)
    inner.finish()
    reader.absorb(inner.errors)
    guard let metric, let expression else { return nil }
    return TestLimit.Threshold(metric: metric, expression: expression)
  }
}
