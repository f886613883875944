/// Undoes one coding of a body, piece by piece. Confined to its engine thread.
protocol ContentDecoder: AnyObject {
  /// Takes the next bytes as they came and hands on what they decode to.
  ///
  /// - Parameter output: takes decoded bytes, lent for the call; answers other than `goOn` end it.
  func decode(
    _ input: UnsafeRawBufferPointer, _ output: (UnsafeRawBufferPointer) -> DecodingOutcome
  ) -> DecodingOutcome

  /// Whether what was decoded so far is a whole: its end mark has come.
  var isComplete: Bool { get }
}

enum DecodingOutcome {
  case goOn
  /// Whoever takes the decoded bytes wants no more.
  case refused
  /// The bytes are not of this coding.
  case malformed
}

/// Decoded bytes that a decoder makes at a time.
let decodedPieceBytes = 16 << 10

/// The codings of one body, undone in turn (RFC 9110 8.4).
///
/// libcurl 7.88 takes a body that ends within its coding for a whole one, reads the first member
/// of gzip only, and refuses codings that it does not know; so bodies are decoded here.
struct ContentDecoding {
  /// What is asked for when a script asks for nothing else.
  static let accepted = "deflate, gzip, br, zstd"

  /// The last coding that was applied comes first.
  private let decoders: [any ContentDecoder]

  /// - Parameter codings: value of `Content-Encoding`.
  /// - Returns: nil when there is nothing to undo. What lies below a coding that nobody here
  ///   knows is left as it is, as is a body under such a one.
  init?(codings: String) {
    var found: [any ContentDecoder] = []
    for part in codings.split(separator: ",").reversed() {
      let name = part.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
      if name.isEmpty || name.lowercased() == "identity" { continue }
      guard let decoder = Self.decoder(name.lowercased()) else { break }
      found.append(decoder)
      // A body in many coats is an attack on whoever unpacks it.
      guard found.count <= 4 else { return nil }
    }
    guard !found.isEmpty else { return nil }
    decoders = found
  }

  private static func decoder(_ name: String) -> (any ContentDecoder)? {
    switch name {
    case "gzip", "x-gzip": ZlibDecoder(.gzip)
    case "deflate": ZlibDecoder(.deflate)
    case "br": BrotliDecoder()
    case "zstd": ZstdDecoder()
    default: nil
    }
  }

  var isComplete: Bool { decoders.allSatisfy(\.isComplete) }

  func decode(
    _ input: UnsafeRawBufferPointer, _ output: (UnsafeRawBufferPointer) -> DecodingOutcome
  ) -> DecodingOutcome {
    decode(from: 0, input, output)
  }

  private func decode(
    from index: Int, _ input: UnsafeRawBufferPointer,
    _ output: (UnsafeRawBufferPointer) -> DecodingOutcome
  ) -> DecodingOutcome {
    guard index < decoders.count else { return output(input) }
    return decoders[index].decode(input) { decode(from: index + 1, $0, output) }
  }
}
