/// The rules for names of custom metrics and of their namespaces.
public enum MetricName {
  /// What is wrong with a name, e.g. `must not contain '-'`, or nil.
  public static func problem(_ name: String) -> String? {
    guard (1...255).contains(name.unicodeScalars.count) else {
      return "must have 1 to 255 characters"
    }
    // The tags of a part, as thresholds name them (`metric{tag:value}`), are anybody's.
    let own = name.hasSuffix("}") ? name.prefix { $0 != "{" } : name[...]
    if own.contains("-") { return "must not contain '-'" }
    if own.contains("__") { return "must not contain '__'" }
    return nil
  }

  /// What is wrong with a namespace of a custom metric, or nil.
  public static func namespaceProblem(_ namespace: String) -> String? {
    if namespace == MetricDefinition.systemNamespace {
      return "must not be '\(namespace)', which is reserved"
    }
    return problem(namespace)
  }
}

extension MetricDefinition {
  /// Namespace of custom metrics that name none.
  public static let userNamespace = "User"
}
