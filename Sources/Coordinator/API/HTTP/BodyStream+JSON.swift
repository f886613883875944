import Shared

extension BodyStream {
  /// A JSON array of elements that are written one after the other.
  static func jsonArray<Element>(
    _ elements: [Element], _ write: @escaping (inout JSONWriter, Element) throws -> Void
  ) -> BodyStream {
    var batches = [elements][...]
    return jsonArray(batches: { batches.popFirst() }, piece: 1, write)
  }

  /// A JSON array of elements that come in batches.
  ///
  /// - Parameters:
  ///   - batches: makes the next batch; nil at the end.
  ///   - piece: elements that are written at once, which bounds the memory of the answer.
  ///   - prefix: text before the array, and after it.
  static func jsonArray<Element>(
    batches: @escaping () throws -> [Element]?, piece: Int, prefix: String = "",
    suffix: String = "", _ write: @escaping (inout JSONWriter, Element) throws -> Void
  ) -> BodyStream {
    var source = PieceSource(batches: batches, piece: piece)
    var isFirst = true
    var isOver = false
    return BodyStream {
      guard !isOver else { return nil }
      var bytes: [UInt8] = isFirst ? Array(prefix.utf8) + [UInt8(ascii: "[")] : []
      guard let elements = try source.next() else {
        isOver = true
        return bytes + [UInt8(ascii: "]")] + Array(suffix.utf8)
      }
      for element in elements {
        var json = JSONWriter()
        try write(&json, element)
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        bytes.append(contentsOf: json.bytes)
      }
      return bytes
    }
  }

  /// Any text of elements that come in batches, after a beginning.
  static func text<Element>(
    batches: @escaping () throws -> [Element]?, piece: Int, beginning: [UInt8] = [],
    _ write: @escaping (ArraySlice<Element>) throws -> [UInt8]
  ) -> BodyStream {
    var source = PieceSource(batches: batches, piece: piece)
    var pending: [UInt8]? = beginning
    return BodyStream {
      if let bytes = pending {
        pending = nil
        return bytes
      }
      return try source.next().map(write)
    }
  }

  /// A table of CSV, a row or several of them for each element.
  static func csv<Element>(
    batches: @escaping () throws -> [Element]?, piece: Int, header: [UInt8],
    _ write: @escaping (inout CSVWriter, Element) throws -> Void
  ) -> BodyStream {
    text(batches: batches, piece: piece, beginning: header) { elements in
      var csv = CSVWriter()
      for element in elements { try write(&csv, element) }
      return csv.bytes
    }
  }
}

/// Hands out batches in smaller pieces.
private struct PieceSource<Element> {
  let batches: () throws -> [Element]?
  let piece: Int
  private var batch: ArraySlice<Element> = []

  init(batches: @escaping () throws -> [Element]?, piece: Int) {
    self.batches = batches
    self.piece = piece
  }

  /// The next elements, never none; nil at the end.
  mutating func next() throws -> ArraySlice<Element>? {
    while batch.isEmpty {
      guard let next = try batches() else { return nil }
      batch = next[...]
    }
    let elements = batch.prefix(piece)
    batch = batch.dropFirst(piece)
    return elements
  }
}
