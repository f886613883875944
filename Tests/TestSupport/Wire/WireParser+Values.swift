import Foundation

/// What stands behind the words of a case.
extension WireParser {
  func number(_ text: String) throws -> Int {
    guard let number = Int(text) else { throw failure("\"\(text)\" is no number") }
    return number
  }

  /// The first word, and what follows the space behind it.
  static func split(_ text: String) -> (String, String) {
    guard let space = text.firstIndex(of: " ") else { return (text, "") }
    return (String(text[..<space]), String(text[text.index(after: space)...]))
  }

  /// `\r`, `\n`, `\t`, `\0`, `\s` for a space, `\\` and `\x` with two hexadecimal digits.
  func bytes(_ text: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        bytes.append(byte)
        continue
      }
      switch rest.popFirst().map({ Character(UnicodeScalar($0)) }) {
      case "r": bytes.append(13)
      case "n": bytes.append(10)
      case "t": bytes.append(9)
      case "0": bytes.append(0)
      case "s": bytes.append(32)
      case "\\": bytes.append(92)
      case "x":
        let digits = String(decoding: rest.prefix(2), as: UTF8.self)
        guard digits.count == 2, let value = UInt8(digits, radix: 16) else {
          throw failure("\\x\(digits)")
        }
        bytes.append(value)
        rest = rest.dropFirst(2)
      default: throw failure("an escape that is none in \"\(text)\"")
      }
    }
    return bytes
  }

  private func text(_ text: String) throws -> String {
    String(decoding: try bytes(text), as: UTF8.self)
  }

  /// `STATUS` or the name of an error, then `body=`, `length=`, `status=`, `headers=`,
  /// `NAME:VALUE` and `!NAME`.
  func outcome(_ line: String) throws -> WireCase.Outcome {
    var outcome = WireCase.Outcome()
    let words = line.split(separator: " ").map(String.init)
    guard let first = words.first else { throw failure("nothing is expected") }
    if let status = Int(first) { outcome.status = status } else { outcome.error = first }
    for word in words.dropFirst() {
      if word.hasPrefix("body=") {
        outcome.body = try bytes(String(word.dropFirst(5)))
      } else if word.hasPrefix("length=") {
        outcome.length = try number(String(word.dropFirst(7)))
      } else if word.hasPrefix("status=") {
        outcome.status = try number(String(word.dropFirst(7)))
      } else if word.hasPrefix("headers=") {
        outcome.headerCount = try number(String(word.dropFirst(8)))
      } else if word.hasPrefix("!") {
        outcome.headers[word.dropFirst().lowercased()] = .some(nil)
      } else {
        let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw failure("what is \"\(word)\"?") }
        outcome.headers[try text(String(parts[0])).lowercased()] = try text(String(parts[1]))
      }
    }
    return outcome
  }

  // MARK: frames

  private static let types = [
    "data", "headers", "priority", "rst", "settings", "push", "ping", "goaway", "window",
    "continuation",
  ]

  func type(_ text: String) throws -> UInt8 {
    if let index = Self.types.firstIndex(of: text) { return UInt8(index) }
    return UInt8(truncatingIfNeeded: try number(text))
  }

  private func stream(_ text: String) throws -> WireFrame.Stream {
    guard text.hasPrefix("s") else { return .number(try number(text)) }
    return .ofRequest(plus: text == "s" ? 0 : try number(String(text.dropFirst())))
  }

  /// `TYPE FLAGS STREAM [PAYLOAD]`, flags as a hexadecimal number.
  func frame(_ line: String) throws -> WireFrame {
    let (typeText, rest) = Self.split(line)
    let (flagText, more) = Self.split(rest)
    let (streamText, payload) = Self.split(more)
    guard let flags = UInt8(flagText, radix: 16) else { throw failure("flags: \(flagText)") }
    return WireFrame(
      type: try type(typeText), flags: flags, stream: try stream(streamText),
      payload: try bytes(payload))
  }

  /// `[end] [more] [stream=S] NAME=VALUE…`
  func headers(_ line: String) throws -> WireFrame {
    var (frame, fields) = (
      WireFrame(type: 1, flags: 4, stream: .ofRequest(plus: 0)), [(name: String, value: [UInt8])]()
    )
    for word in line.split(separator: " ").map(String.init) {
      if word == "end" {
        frame.flags |= 1
      } else if word == "more" {
        frame.flags &= ~4
      } else if word.hasPrefix("stream=") {
        frame.stream = try stream(String(word.dropFirst(7)))
      } else {
        guard let equals = word.firstIndex(of: "=") else { throw failure("NAME=VALUE: \(word)") }
        fields.append(
          (
            try text(String(word[..<equals])),
            try bytes(String(word[word.index(after: equals)...]))
          ))
      }
    }
    frame.payload = WireFrame.block(fields)
    return frame
  }

  /// `[end] TEXT`
  func data(_ line: String) throws -> WireFrame {
    let (word, rest) = Self.split(line)
    let isEnd = word == "end"
    return WireFrame(
      type: 0, flags: isEnd ? 1 : 0, stream: .ofRequest(plus: 0),
      payload: try bytes(isEnd ? rest : line))
  }

  /// `LAST CODE`
  func goaway(_ line: String) throws -> WireFrame {
    let (last, code) = Self.split(line)
    var frame = WireFrame(type: 7, stream: .number(0))
    switch try stream(last) {
    case .number(let number): frame.payload = WireFrame.word(number)
    case .ofRequest(let plus):
      frame.payload = WireFrame.word(0)
      frame.lastStreamPlus = plus
    }
    frame.payload += WireFrame.word(try number(code))
    return frame
  }

  /// `CODE`
  func rst(_ line: String) throws -> WireFrame {
    WireFrame(type: 3, stream: .ofRequest(plus: 0), payload: WireFrame.word(try number(line)))
  }
}
