/// Where and why a template, a condition or a JSON path does not read.
public struct StepsSyntaxError: Error, Sendable, Equatable, CustomStringConvertible {
  public var message: String
  /// Unicode scalars before the offending place.
  public var offset: Int

  public init(_ message: String, offset: Int) {
    self.message = message
    self.offset = offset
  }

  /// Counts characters from 1, as people do.
  public var description: String { "\(message) at character \(offset + 1)" }
}
