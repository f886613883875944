import Foundation

/// Reads the files of the conformance corpus.
public struct WireParser {
  private var cases: [WireCase] = []
  private var current = WireCase()
  private let file: String
  private var line = 0

  /// All cases below a directory.
  public static func cases(in directory: String) throws -> [WireCase] {
    let files = try FileManager.default.contentsOfDirectory(atPath: directory)
    let all = try files.filter { $0.hasSuffix(".txt") }.sorted().flatMap { name in
      var parser = WireParser(file: name)
      return try parser.parse(
        String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8))
    }
    let names = Dictionary(grouping: all, by: \.name).filter { $1.count > 1 }.keys
    guard names.isEmpty else { throw TestFailure("cases of the same name: \(names.sorted())") }
    return all
  }

  init(file: String) { self.file = file }

  mutating func parse(_ text: String) throws -> [WireCase] {
    for content in text.split(separator: "\n", omittingEmptySubsequences: false) {
      line += 1
      guard !content.isEmpty, !content.hasPrefix("#") else { continue }
      let (word, rest) = Self.split(String(content))
      try take(word, rest)
    }
    try finish()
    return cases
  }

  func failure(_ text: String) -> TestFailure { TestFailure("\(file):\(line): \(text)") }

  private mutating func finish() throws {
    guard !current.name.isEmpty else { return }
    guard !current.expected.isEmpty else { throw failure("\(current.name) expects nothing") }
    guard
      current.known == nil || current.varies || current.today.count == current.expected.count
    else {
      throw failure("\(current.name): as many `today` as `expect`")
    }
    cases.append(current)
  }

  private mutating func take(_ word: String, _ rest: String) throws {
    switch word {
    case "case":
      try finish()
      current = WireCase()
      current.name = rest
    case "http2": current.isHTTP2 = true
    case "request":
      let (method, path) = Self.split(rest)
      current.method = method
      current.path = path.isEmpty ? "/" : path
    case "header":
      let parts = rest.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw failure("header NAME: VALUE") }
      current.headers.append((parts[0], String(parts[1].drop { $0 == " " })))
    case "timeout": current.timeoutMs = try number(rest)
    case "connections": current.connections = try number(rest)
    case "seen": current.seen = try number(rest)
    case "bytes": current.countsBytes = rest != "uncounted"
    case "known": current.known = rest
    case "varies": current.varies = true
    case "expect": current.expected.append(try outcome(rest))
    case "today": current.today.append(try outcome(rest))
    case "answer":
      current.answers.append(WireCase.Answer(request: rest.isEmpty ? nil : try number(rest)))
    case "early":
      openAnswer()
      current.answers[current.answers.count - 1].isEarly = true
    default: try takeTimes(word, rest)
    }
  }

  /// Words that may have a number of times: `send*100`.
  private mutating func takeTimes(_ word: String, _ rest: String) throws {
    let parts = word.split(separator: "*", maxSplits: 1).map(String.init)
    let times = parts.count == 2 ? try number(parts[1]) : 1
    switch parts[0] {
    case "body": current.body = WireCase.repeated(try bytes(rest), times)
    case "greet": current.greeting.append(.send(try bytes(rest), times: times))
    case "greet-frame": current.greeting.append(.frame(try frame(rest), times: times))
    case "send": add(.send(try bytes(rest), times: times))
    case "forever": add(.forever(try bytes(rest)))
    case "pause": add(.pause)
    case "close": add(.close)
    case "reset": add(.reset)
    case "finish": add(.finish)
    case "frame": add(.frame(try frame(rest), times: times))
    case "headers": add(.frame(try headers(rest), times: times))
    case "data": add(.frame(try data(rest), times: times))
    case "goaway": add(.frame(try goaway(rest), times: times))
    case "rst": add(.frame(try rst(rest), times: times))
    case "await": add(.await(try type(rest)))
    default: throw failure("what is \"\(word)\"?")
    }
  }

  private mutating func openAnswer() {
    if current.answers.isEmpty { current.answers.append(WireCase.Answer()) }
  }

  private mutating func add(_ step: WireCase.Step) {
    openAnswer()
    current.answers[current.answers.count - 1].steps.append(step)
  }
}
