/// What `setup()` returned, as named values: one, or as many parts as it takes.
public enum SetupValue {
  private static let partsName = "setup.parts"

  /// - Parameter json: what it returned, as JSON.
  /// - Returns: nil when it is longer than `Limits.setupBytesMax`.
  public static func rows(_ json: String) -> [ValueRow]? {
    let bytes = Array(json.utf8)
    guard bytes.count <= Limits.setupBytesMax else { return nil }
    guard bytes.count > Limits.setupPartBytesMax else {
      return [ValueRow(name: ValueRow.setup, json: json)]
    }
    var rows: [ValueRow] = []
    var start = 0
    while start < bytes.count {
      var end = min(start + Limits.setupPartBytesMax, bytes.count)
      // A character is not cut.
      while end < bytes.count, end > start + 1, bytes[end] & 0xC0 == 0x80 { end -= 1 }
      let part = String(decoding: bytes[start..<end], as: UTF8.self)
      rows.append(ValueRow(name: name(ofPart: rows.count), json: JSONValue.string(part).text))
      start = end
    }
    return rows + [ValueRow(name: partsName, json: "\(rows.count)")]
  }

  /// - Parameter read: gives the JSON text of a named value.
  /// - Returns: what the parts come to; nil when one is missing.
  public static func json(_ read: (String) throws -> String?) rethrows -> String? {
    guard let text = try read(partsName) else { return try read(ValueRow.setup) }
    guard let count = Int(text), (1...Limits.setupBytesMax).contains(count) else { return nil }
    var json = ""
    for index in 0..<count {
      guard let text = try read(name(ofPart: index)),
        let part = (try? JSONValue.parse(text: text))?.stringValue
      else { return nil }
      json += part
    }
    return json
  }

  private static func name(ofPart index: Int) -> String { "setup.\(index)" }
}
