/// The function that a script becomes: of the names that the prelude gives it, and once for each
/// client of `module`, `exports` and `require`.
public struct ScriptWrapper {
  private let head: String
  private let source: String

  /// - Parameters:
  ///   - names: parameters as `realm.seal` lists them.
  ///   - source: the compiled script.
  public init(names: String, source: String) {
    // On one line with the script's first, so that its lines keep their numbers.
    head =
      "(function(\(names)){'use strict';var __ITER=0;return{iteration(n){__ITER=n},"
      + "load(module,exports,require){"
    self.source = source
  }

  public var text: String { "\(head)\(source)\n}}})" }

  /// UTF-16 units in front of the script's first line.
  public var firstLineOffset: Int { head.utf16.count }
}
