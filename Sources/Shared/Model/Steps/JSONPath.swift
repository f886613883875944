/// A way into a JSON value: the subset of RFC 9535 with `.name`, `['name']`, `[n]`, `[-n]`, `[*]`.
public struct JSONPath: Sendable, Equatable {
  public enum Element: Sendable, Equatable {
    case member(String)
    /// Negative indices count from the end: −1 is the last.
    case index(Int)
    /// Every element or member in turn.
    case any
  }

  public var elements: [Element]

  public init(_ elements: [Element] = []) { self.elements = elements }

  /// Reads a path that begins with `$`.
  public static func parse(_ text: String) throws(StepsSyntaxError) -> JSONPath {
    var scanner = TextScanner(text)
    guard scanner.take("$") else { throw scanner.unexpected("'$'") }
    let path = try parseElements(&scanner)
    guard scanner.isAtEnd else { throw scanner.unexpected("'.' or '['") }
    return path
  }

  /// Reads as many elements as there are; stops before the first scalar that begins none.
  static func parseElements(_ scanner: inout TextScanner) throws(StepsSyntaxError) -> JSONPath {
    var path = JSONPath()
    while let next = scanner.next {
      guard path.elements.count <= Limits.stepsPathElementsMax else {
        throw scanner.error("path with more than \(Limits.stepsPathElementsMax) elements")
      }
      switch next {
      case ".": path.elements.append(try parseMember(&scanner))
      case "[": path.elements.append(try parseBracket(&scanner))
      default: return path
      }
    }
    return path
  }

  private static func parseMember(_ scanner: inout TextScanner) throws(StepsSyntaxError) -> Element
  {
    if scanner.startsWith("..") { throw scanner.error("'..' is not supported") }
    scanner.offset += 1
    if scanner.take("*") { return .any }
    let name = scanner.takeWhile {
      TextScanner.continuesName($0) || $0 == "-" || $0.value >= 0x80
    }
    guard !name.isEmpty else { throw scanner.unexpected("a member's name") }
    return .member(name)
  }

  private static func parseBracket(
    _ scanner: inout TextScanner
  ) throws(StepsSyntaxError) -> Element {
    scanner.offset += 1
    let element: Element
    switch scanner.next {
    case .some("*"):
      scanner.offset += 1
      element = .any
    case .some("'"), .some("\""): element = .member(try scanner.takeQuoted())
    case .some("?"): throw scanner.error("filters are not supported")
    default: element = .index(Int(try scanner.takeInteger()))
    }
    guard scanner.take("]") else { throw scanner.unexpected("']'") }
    return element
  }

  /// The first value that the path leads to, or nil.
  public func first(in value: JSONValue) -> JSONValue? { Self.first(elements[...], value) }

  private static func first(_ elements: ArraySlice<Element>, _ value: JSONValue) -> JSONValue? {
    guard let element = elements.first else { return value }
    let rest = elements.dropFirst()
    switch (element, value) {
    case (.member(let name), .object(let object)):
      return object[name].flatMap { first(rest, $0) }
    case (.index(let index), .array(let array)):
      let place = index < 0 ? array.count + index : index
      return array.indices.contains(place) ? first(rest, array[place]) : nil
    case (.any, .array(let array)):
      for child in array {
        if let found = first(rest, child) { return found }
      }
      return nil
    case (.any, .object(let object)):
      for (_, child) in object.members {
        if let found = first(rest, child) { return found }
      }
      return nil
    default: return nil
    }
  }
}

extension JSONPath {
  /// The path without its root, e.g. `.a[0]`.
  public var text: String {
    elements.map { element in
      switch element {
      case .member(let name):
        var scanner = TextScanner(name)
        let isPlain = (try? scanner.takeName()) == name
        return isPlain ? ".\(name)" : "['\(name)']"
      case .index(let index): return "[\(index)]"
      case .any: return "[*]"
      }
    }.joined()
  }
}
