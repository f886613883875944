import CRegex
import Shared
import Synchronization

/// A compiled pattern, matched within bounds: one such as `(a*)*b` may take longer than any test.
///
/// `@unchecked Sendable`: `original` is only cloned, which ICU allows on several threads at once;
/// each clone is used by one thread at a time.
final class CompiledRegex: @unchecked Sendable {
  enum Outcome: Equatable {
    case found(String)
    case nothing
    /// The bounds were exceeded; says which.
    case givenUp(String)
  }

  /// A clone that is at rest. `@unchecked Sendable`: whoever takes it out of `idle` has it alone.
  private struct Clone: @unchecked Sendable { let pointer: OpaquePointer }

  private static let ticks = Int32(Limits.regexMillisMax)
  private static let stackBytes = Int32(Limits.regexStackBytesMax)
  private let pattern: String
  private let original: OpaquePointer
  private let idle = Mutex<[Clone]>([])

  init(pattern: String) throws(UsageError) {
    let units = Array(pattern.utf16)
    guard
      let regex = throng_regex_open(
        units, Int32(clamping: units.count), Self.ticks, Self.stackBytes)
    else { throw UsageError("'\(pattern)' is not a regular expression") }
    self.pattern = pattern
    original = regex
  }

  deinit {
    for clone in idle.withLock({ $0 }) { throng_regex_close(clone.pointer) }
    throng_regex_close(original)
  }

  /// The first group of the first match, or the whole match of a pattern without groups.
  func firstMatch(in text: RegexText) -> Outcome {
    guard !text.isTooLarge else {
      let most = Limits.regexTextBytesMax >> 20
      return .givenUp("regex '\(pattern)': texts of more than \(most) MiB are not searched")
    }
    guard let clone = takeClone() else { return .givenUp("regex '\(pattern)': no memory for it") }
    var (start, end): (Int32, Int32) = (-1, -1)
    let result = text.units.withUnsafeBufferPointer { units in
      throng_regex_search(clone.pointer, units.baseAddress, Int32(text.count), &start, &end)
    }
    if result == THRONG_REGEX_TOO_LONG || result == THRONG_REGEX_TOO_LARGE {
      // The memory that it took goes with it.
      throng_regex_close(clone.pointer)
      let reason =
        result == THRONG_REGEX_TOO_LONG
        ? "is not through after about \(Limits.regexMillisMax) ms"
        : "takes more than \(Limits.regexStackBytesMax >> 20) MiB of memory"
      return .givenUp(
        "regex '\(pattern)' is given up: the search of \(text.count) characters \(reason)")
    }
    idle.withLock { $0.append(clone) }
    // A group that took no part has no place.
    guard result == THRONG_REGEX_FOUND, start >= 0, end >= start else { return .nothing }
    return .found(String(decoding: text.units[Int(start)..<Int(end)], as: UTF16.self))
  }

  private func takeClone() -> Clone? {
    if let clone = idle.withLock({ $0.popLast() }) { return clone }
    return throng_regex_clone(original, Self.ticks, Self.stackBytes).map { Clone(pointer: $0) }
  }
}
