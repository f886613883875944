import Shared

/// Writes times that mostly lie in the same second as the one before.
struct TimeText {
  /// What all times of the latest second begin with, `2016-02-18T19:11:52.`, and that second.
  private var prefix: [UInt8] = []
  private var second = Int64.min

  /// The same text as `ISOTime.text(micros:)`.
  mutating func write(micros: Int64, to buffer: inout TextBuffer) {
    let range = ISOTime.millisRange
    guard micros >= 0, micros / 1_000 <= range.upperBound else {
      return buffer.append(Array(ISOTime.text(micros: micros).utf8))
    }
    let (seconds, rest) = micros.quotientAndRemainder(dividingBy: 1_000_000)
    if seconds != second {
      second = seconds
      prefix = Array(ISOTime.bytes(millis: seconds * 1_000).prefix(20))
    }
    buffer.append(prefix)
    buffer.append(threeDigits: UInt32(truncatingIfNeeded: rest / 1_000))
    buffer.append(UInt8(ascii: "Z"))
  }
}
