/// A cookie that a script gives one request, beside or instead of those of a jar. Pure.
struct RequestCookie: Equatable, Sendable {
  let name: [UInt8]
  let value: [UInt8]
  /// Whether those of the jar of this name are left out.
  let replaces: Bool

  /// - Parameter texts: names, values and flags, which are empty for false, in turns.
  static func list(_ texts: [String]) -> [RequestCookie] {
    stride(from: 0, to: texts.count - 2, by: 3).map { place in
      RequestCookie(
        name: name(texts[place]), value: value(texts[place + 1]),
        replaces: !texts[place + 2].isEmpty)
    }
  }

  /// The `Cookie` header: the request's own, then those of the jar, as in k6. Empty for none.
  static func header(_ own: [RequestCookie], _ kept: [Cookie]) -> [UInt8] {
    var text: [UInt8] = []
    func append(_ name: [UInt8], _ value: [UInt8]) {
      if !text.isEmpty { text += "; ".utf8 }
      text += name
      text.append(UInt8(ascii: "="))
      text += value
    }
    for cookie in own { append(cookie.name, cookie.value) }
    for cookie in kept where !own.contains(where: { $0.replaces && $0.name == cookie.name }) {
      append(cookie.name, cookie.value)
    }
    return text
  }

  /// A name that a script has thought of, without what would end it.
  static func name(_ text: String) -> [UInt8] {
    text.utf8.map { $0 < 0x20 || $0 == 0x7f || $0 == UInt8(ascii: ";") ? UInt8(ascii: "-") : $0 }
  }

  /// A value that a script has thought of, as k6 writes it: without what no value may hold, in
  /// quotes when there is a space or a comma in it.
  static func value(_ text: String) -> [UInt8] {
    let kept = text.utf8.filter { byte in
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: ";"), UInt8(ascii: "\\"): false
      default: byte >= 0x20 && byte < 0x7f
      }
    }
    let quote = UInt8(ascii: "\"")
    guard kept.contains(UInt8(ascii: " ")) || kept.contains(UInt8(ascii: ",")) else {
      return Array(kept)
    }
    return [quote] + kept + [quote]
  }
}
