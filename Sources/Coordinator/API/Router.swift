import Shared

/// Finds the route of a request.
struct Router<Handler: Sendable>: Sendable {
  private enum Piece: Sendable {
    case literal(String)
    case parameter(String)
    /// A parameter before an ending, `:id.har` say.
    case suffixed(String, String)

    init(_ text: Substring) {
      guard text.hasPrefix(":") else {
        self = .literal(String(text))
        return
      }
      let name = text.dropFirst().prefix { $0 != "." }
      let suffix = text.dropFirst(1 + name.count)
      self = suffix.isEmpty ? .parameter(String(name)) : .suffixed(String(name), String(suffix))
    }

    var isSuffixed: Bool {
      if case .suffixed = self { true } else { false }
    }

    /// Whether both stand for the same segments.
    func matchesLike(_ other: Piece) -> Bool {
      switch (self, other) {
      case (.literal(let text), .literal(let otherText)): text == otherText
      case (.parameter, .parameter): true
      case (.suffixed(_, let ending), .suffixed(_, let otherEnding)): ending == otherEnding
      default: false
      }
    }
  }

  private struct Entry: Sendable {
    var methods: [String]
    var pattern: [Piece]
    /// The pattern as it was added.
    var text: String
    var handler: Handler
  }

  enum Match {
    /// The route and the texts that stand for its parameters.
    case found(Handler, parameters: [String: String])
    /// The path is there, but not for this method.
    case otherMethods([String])
    case nothing
  }

  /// By number of segments.
  private var entries: [Int: [Entry]] = [:]
  /// Everything that was added, HEAD left out where it comes with GET.
  private(set) var routes: [(method: String, pattern: String)] = []

  /// Adds a route: `executions/:id/summary` under GET, say. HEAD comes with GET. A parameter may
  /// have an ending, `traces/:id.har`; without the ending it is not that route.
  mutating func add(_ methods: String..., pattern: String, _ handler: Handler) {
    let pieces = pattern.split(separator: "/").map { Piece($0) }
    let all = methods.contains("GET") ? methods + ["HEAD"] : methods
    let entry = Entry(methods: all, pattern: pieces, text: pattern, handler: handler)
    // What asks for an ending goes before what takes any: the latter would never let it come.
    let place = pieces.contains(where: \.isSuffixed) ? 0 : entries[pieces.count]?.count ?? 0
    entries[pieces.count, default: []].insert(entry, at: place)
    routes += methods.map { (method: $0, pattern: pattern) }
  }

  /// The first pattern that matches the path decides: `executions/compare` is no execution, under
  /// whatever method.
  func match(_ method: String, _ path: [String]) -> Match {
    var allowed: [String] = []
    var first: [Piece]?
    for entry in entries[path.count] ?? [] {
      guard let parameters = Self.parameters(of: path, in: entry.pattern) else { continue }
      let pattern = first ?? entry.pattern
      guard zip(pattern, entry.pattern).allSatisfy({ $0.matchesLike($1) }) else { continue }
      first = pattern
      if entry.methods.contains(method) { return .found(entry.handler, parameters: parameters) }
      allowed += entry.methods.filter { !allowed.contains($0) }
    }
    return allowed.isEmpty ? .nothing : .otherMethods(allowed.sorted())
  }

  /// The pattern of the route that `match` finds, or of one for other methods; nil for nothing.
  func pattern(_ method: String, _ path: [String]) -> String? {
    let all = (entries[path.count] ?? []).filter {
      Self.parameters(of: path, in: $0.pattern) != nil
    }
    return (all.first { $0.methods.contains(method) } ?? all.first)?.text
  }

  private static func parameters(of path: [String], in pattern: [Piece]) -> [String: String]? {
    var parameters: [String: String] = [:]
    for (segment, piece) in zip(path, pattern) {
      switch piece {
      case .literal(let text): guard segment == text else { return nil }
      case .parameter(let name): parameters[name] = segment
      case .suffixed(let name, let suffix):
        guard segment.hasSuffix(suffix), segment != suffix else { return nil }
        parameters[name] = String(segment.dropLast(suffix.count))
      }
    }
    return parameters
  }
}
