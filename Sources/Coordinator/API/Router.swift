import Shared

/// Finds the route of a request.
struct Router<Handler: Sendable>: Sendable {
  private enum Piece: Sendable {
    case literal(String)
    case parameter(String)
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

  /// Adds a route: `executions/:id/summary` under GET, say. HEAD comes with GET.
  mutating func add(_ methods: String..., pattern: String, _ handler: Handler) {
    let pieces = pattern.split(separator: "/").map { piece in
      piece.hasPrefix(":") ? Piece.parameter(String(piece.dropFirst())) : .literal(String(piece))
    }
    let all = methods.contains("GET") ? methods + ["HEAD"] : methods
    let entry = Entry(methods: all, pattern: pieces, text: pattern, handler: handler)
    entries[pieces.count, default: []].append(entry)
  }

  func match(_ method: String, _ path: [String]) -> Match {
    var allowed: [String] = []
    for entry in entries[path.count] ?? [] {
      guard let parameters = Self.parameters(of: path, in: entry.pattern) else { continue }
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
      }
    }
    return parameters
  }
}
