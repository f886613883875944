import Shared

/// What commands read of answers: what is not there, or is something else, is nil.
extension JSONValue {
  /// An object's member.
  func at(_ name: String) -> JSONValue? { objectValue?[name] }

  var int64: Int64? {
    switch self {
    case .int(let value): value
    case .double(let value): Int64(exactly: value.rounded())
    default: nil
    }
  }

  /// Whether it is `true`.
  var isTrue: Bool { self == .bool(true) }

  /// A text as it is, anything else as JSON.
  var plain: String { stringValue ?? text }
}
