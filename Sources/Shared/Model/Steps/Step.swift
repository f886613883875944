/// One step of a `Steps` script.
public indirect enum Step: Sendable, Equatable {
  case request(RequestStep)
  /// Milliseconds, drawn evenly from the range.
  case sleep(millis: ClosedRange<Int64>)
  case loop(count: LoopCount, steps: [Step])
  /// Waits for an operator's event; its contents become the variable `event`.
  case waitForEvent(name: String, timeoutMillis: Int64)
  case conditional(Condition, then: [Step], otherwise: [Step])
}

/// How often a loop runs.
public enum LoopCount: Sendable, Equatable {
  case fixed(Int)
  /// Must give an integer from 0 when the loop is entered.
  case expression(TemplateExpression)
}
