/// The part of a content that a client asks for (RFC 9110, 14.2): one range of bytes. Several at
/// once and what is not understood count as the whole, as they may.
struct ByteRange {
  enum Choice: Equatable {
    case all
    case part(Range<Int64>)
    /// Nothing of the content is in the range.
    case nothing
  }

  private var first: Int64?
  private var last: Int64?
  private var isValid = false

  /// - Parameter tag: of the content as it is. A client that has the beginning of another one gets
  ///   the whole (`If-Range`).
  init(_ request: HTTPRequest, tag: String) {
    if let condition = request.header("If-Range"), condition != tag { return }
    guard let header = request.header("Range") else { return }
    let text = header.filter { $0 != " " && $0 != "\t" }
    guard text.lowercased().hasPrefix("bytes=") else { return }
    let sides = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard sides.count == 2, let first = Self.number(sides[0]), let last = Self.number(sides[1])
    else { return }
    (self.first, self.last) = (first.value, last.value)
    isValid = first.value != nil || last.value != nil
    if let first = first.value, let last = last.value, last < first { isValid = false }
  }

  func chosen(of size: Int64) -> Choice {
    guard isValid else { return .all }
    guard let first else {
      // The last so many bytes.
      let count = min(last ?? 0, size)
      return count > 0 ? .part(size - count..<size) : .nothing
    }
    guard first < size else { return .nothing }
    return .part(first..<(min(last ?? .max, size - 1) + 1))
  }

  /// Nil when it is no number; a number that is left out has no value.
  private static func number(_ text: Substring) -> (value: Int64?, Void)? {
    if text.isEmpty { return (nil, ()) }
    guard text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let value = Int64(text) else {
      return nil
    }
    return (value, ())
  }
}
