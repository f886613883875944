import Shared

/// Where a value comes from while a script runs: a template's expression with everything known
/// at compile time looked up.
enum ValueSource: Sendable {
  case constant(JSONValue)
  /// Has no value whatever happens, e.g. a member that `scriptParams` lacks.
  case missing(String)
  case client(ClientField)
  /// The variable in a slot, or what is inside of it. The name is for messages.
  case slot(Int, JSONPath, name: String)
  case random(min: Int64, max: Int64)
  case uuid
}

/// A template ready to be filled.
enum CompiledTemplate: Sendable {
  case constant(String)
  /// One value, which keeps its type.
  case value(ValueSource)
  case mixed([Part])

  enum Part: Sendable {
    case text(String)
    case value(ValueSource)
  }

  var constantText: String? {
    if case .constant(let text) = self { text } else { nil }
  }
}

/// A condition with its values resolved to sources.
indirect enum CompiledCondition: Sendable {
  case comparison(CompiledTemplate, Condition.Comparison, CompiledTemplate)
  case truth(CompiledTemplate)
  case not(CompiledCondition)
  case and(CompiledCondition, CompiledCondition)
  case or(CompiledCondition, CompiledCondition)
}
