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

  /// Adds a route: `executions/:id/summary` under GET, say. HEAD comes with GET.
  mutating func add(_ methods: String..., pattern: String, _ handler: Handler) {
    let pieces = pattern.split(separator: "/").map { piece in
      piece.hasPrefix(":") ? Piece.parameter(String(piece.dropFirst())) : .literal(String(piece))
    }
    let all = methods.contains("GET") ? methods + ["HEAD"] : methods
    let entry = Entry(methods: all, pattern: pieces, handler: handler)
    entries[pieces.count, default: []].append(entry)
    routes += methods.map { (method: $0, pattern: pattern) }
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
