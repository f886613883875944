import Shared

/// A script as agents run it: the body of a strict function of `module`, `exports` and `require`.
public struct CompiledScript: Sendable, Equatable {
  public enum Kind: String, Sendable {
    case module
    case commonJS = "commonjs"
  }

  /// A generated place at which the code differs from the script.
  public struct Insertion: Sendable, Equatable {
    /// From 1, as in the script: no line ever moves.
    public var line: Int
    /// From 1, in UTF-16 units.
    public var column: Int
    /// UTF-16 units that were put in there; taken out when negative.
    public var length: Int

    public init(line: Int, column: Int, length: Int) {
      self.line = line
      self.column = column
      self.length = length
    }
  }

  public var code: String
  public var kind: Kind
  /// Whether synchronous calls of the host have become awaited ones.
  public var isRewritten: Bool
  /// Names of the modules that it requires, such as `k6/http` and `jslib/url`.
  public var imports: [String]
  /// Names of the files that it opens.
  public var opens: [String]
  /// Names that it is seen to export, with `default` for the function itself. A CommonJS script
  /// may export more, which only running it tells.
  public var exports: [String]
  /// In the order of the code.
  public var insertions: [Insertion]

  /// The column in the script of a place in the code, both from 1 and in UTF-16 units. The line is
  /// the same.
  public func originalColumn(line: Int, column: Int) -> Int {
    var original = column
    for insertion in insertions where insertion.line == line && insertion.column <= column {
      original -=
        insertion.length > 0
        ? min(insertion.length, column - insertion.column) : insertion.length
    }
    return original
  }
}

extension CompiledScript {
  /// Reads what the compiler answers; nil when that is something else.
  init?(_ json: JSONObject) {
    guard let code = json["code"]?.stringValue,
      let kind = json["kind"]?.stringValue.flatMap(Kind.init(rawValue:)),
      case .bool(let isRewritten)? = json["rewritten"]
    else { return nil }
    self.code = code
    self.kind = kind
    self.isRewritten = isRewritten
    let strings = { (name: String) in json[name]?.arrayValue?.compactMap(\.stringValue) ?? [] }
    imports = strings("imports")
    opens = strings("opens")
    exports = strings("exports")
    insertions = (json["insertions"]?.arrayValue ?? []).compactMap { item in
      let numbers = (item.arrayValue ?? []).compactMap(\.number).map { Int($0) }
      guard numbers.count == 3 else { return nil }
      return Insertion(line: numbers[0], column: numbers[1], length: numbers[2])
    }
  }
}
