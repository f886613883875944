/// A text with `${…}` places in it. `$${` stands for a plain `${`.
public struct Template: Sendable, Equatable {
  public enum Part: Sendable, Equatable {
    case text(String)
    case expression(TemplateExpression)
  }

  /// Neither empty texts nor two texts in a row.
  public var parts: [Part]
  /// As written.
  public var source: String

  /// A text without places.
  public init(text: String) {
    parts = text.isEmpty ? [] : [.text(text)]
    source = text.replacing("${", with: "$${")
  }

  init(parts: [Part], source: String) {
    self.parts = parts
    self.source = source
  }

  /// The text, if there are no places to fill.
  public var plainText: String? {
    switch parts.first {
    case nil: ""
    case .text(let text) where parts.count == 1: text
    default: nil
    }
  }

  /// The expression, if the template is nothing else: then its value keeps its JSON type.
  public var soleExpression: TemplateExpression? {
    if parts.count == 1, case .expression(let expression) = parts[0] { expression } else { nil }
  }

  public var expressions: [TemplateExpression] {
    parts.compactMap { if case .expression(let expression) = $0 { expression } else { nil } }
  }
}

/// What can stand between `${` and `}`.
public enum TemplateExpression: Sendable, Equatable {
  /// `params.a.b[0]`: a value of the configuration's `scriptParams`.
  case params(JSONPath)
  /// `vu.iteration`
  case vu(ClientField)
  /// `name` or `name.a[0]`: what a request before has extracted.
  case variable(String, JSONPath)
  /// `random(min, max)`: an integer, both ends included.
  case random(min: Int64, max: Int64)
  /// `uuid()`: a random UUID of version 4.
  case uuid
}

/// What a script can ask of the client that runs it.
public enum ClientField: String, Sendable, CaseIterable {
  /// Index of the client across the execution from 0: the `client` of results.
  case id
  /// The same as `id`.
  case index
  /// Index within the region, from 0.
  case regionalIndex
  /// Number of the iteration, from 0.
  case iteration
  /// Name of the region.
  case region
  /// Id of the execution.
  case execution
  /// Id of the chunk.
  case chunk
}
