/// A flag, an argument or an environment variable that cannot be used; the text names it.
public struct UsageError: Error, Sendable, Equatable, CustomStringConvertible {
  public var description: String
  /// Whether the program's help says more of it; it does of flags, and not of files.
  public var helpTells: Bool
  /// What the program ends with.
  public var exitCode: Int32

  public init(
    _ description: String, helpTells: Bool = true,
    exitCode: Int32 = ExitCode.badConfiguration
  ) {
    self.description = description
    self.helpTells = helpTells
    self.exitCode = exitCode
  }
}

/// One flag of a program.
public struct Option: Sendable {
  /// Without the leading dashes, e.g. `data-dir`.
  public var name: String
  /// One letter, or nil.
  public var short: Character?
  /// What the value is called in the help, or nil for a switch.
  public var value: String?
  public var help: String
  /// Whether it may stand several times.
  public var repeats: Bool

  public init(
    _ name: String, short: Character? = nil, value: String? = nil, repeats: Bool = false,
    _ help: String
  ) {
    self.name = name
    self.short = short
    self.value = value
    self.help = help
    self.repeats = repeats
  }

  /// `THRONG_DATA_DIR` for `data-dir`.
  public var environmentName: String {
    "THRONG_" + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
  }
}

/// What the command line and the environment say, flag before environment.
public struct ParsedOptions: Sendable {
  var values: [String: [String]] = [:]
  public fileprivate(set) var arguments: [String] = []

  /// The last value of a flag.
  public func string(_ name: String) -> String? { values[name]?.last }
  public func strings(_ name: String) -> [String] { values[name] ?? [] }
  public func has(_ name: String) -> Bool { values[name] != nil }

  /// - Throws: `UsageError` naming the flag when its value is no whole number in `range`.
  public func int(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
    guard let text = string(name) else { return nil }
    guard let value = Int(text), range.contains(value) else {
      throw UsageError(
        "--\(name): \"\(text)\" is not a whole number from \(range.lowerBound) "
          + "to \(range.upperBound)")
    }
    return value
  }

  /// Seconds of a duration such as `30s`, `1m30s`, `500ms`, `2h`, or a plain number of seconds.
  public func duration(_ name: String) throws(UsageError) -> Double? {
    guard let text = string(name) else { return nil }
    guard let seconds = DurationText.seconds(text) else {
      throw UsageError("--\(name): \"\(text)\" is not a duration such as 30s, 1m30s or 500ms")
    }
    return seconds
  }

  public func address(_ name: String) throws(UsageError) -> HostPort? {
    guard let text = string(name) else { return nil }
    guard let address = HostPort(text) else {
      throw UsageError("--\(name): \"\(text)\" is not HOST:PORT")
    }
    return address
  }
}

/// Reads a command line: `--flag value`, `--flag=value`, `-f value`, `-fvalue`, switches, `--`.
public struct OptionParser: Sendable {
  public var options: [Option]
  public var argumentsMax: Int

  public init(_ options: [Option], argumentsMax: Int = 0) {
    self.options = options
    self.argumentsMax = argumentsMax
  }

  /// Flags that every program has.
  public static let common = [
    Option("log-level", value: "LEVEL", "error, warning, notice, info or debug (default info)"),
    Option("log-format", value: "FORMAT", "text or json (default text)"),
    Option("help", short: "h", "show this help"),
    Option("version", "show the version"),
  ]

  /// - Throws: `UsageError` naming the first thing that is wrong.
  public func parse(
    _ words: [String], environment: [String: String]
  ) throws(UsageError) -> ParsedOptions {
    var parsed = ParsedOptions()
    var index = 0
    var onlyArguments = false
    while index < words.count {
      let word = words[index]
      index += 1
      if onlyArguments || word == "-" || !word.hasPrefix("-") {
        parsed.arguments.append(word)
      } else if word == "--" {
        onlyArguments = true
      } else {
        try readFlag(word, words, &index, &parsed)
      }
    }
    guard parsed.arguments.count <= argumentsMax else {
      throw UsageError("unexpected argument \"\(parsed.arguments[argumentsMax])\"")
    }
    try readEnvironment(environment, &parsed)
    return parsed
  }

  private func readFlag(
    _ word: String, _ words: [String], _ index: inout Int, _ parsed: inout ParsedOptions
  ) throws(UsageError) {
    var attached: String?
    let option: Option?
    if word.hasPrefix("--") {
      let body = word.dropFirst(2)
      let parts = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { attached = String(parts[1]) }
      option = options.first { $0.name == parts[0] }
    } else {
      let letters = word.dropFirst()
      option = options.first { $0.short == letters.first }
      // `-u=5` is what `--users=5` makes people write.
      let value = letters.dropFirst()
      if !value.isEmpty { attached = String(value.first == "=" ? value.dropFirst() : value) }
    }
    guard let option else { throw unknown(word) }
    guard option.value != nil else {
      guard attached == nil else { throw UsageError("--\(option.name) takes no value") }
      parsed.values[option.name] = [""]
      return
    }
    var value = attached
    if value == nil, index < words.count, !isFlag(words[index]) {
      value = words[index]
      index += 1
    }
    guard let value else { throw UsageError("--\(option.name) needs a value") }
    if option.repeats {
      parsed.values[option.name, default: []].append(value)
    } else {
      parsed.values[option.name] = [value]
    }
  }

  /// Whether a word is one of the flags, and so not another one's value.
  private func isFlag(_ word: String) -> Bool {
    guard word.hasPrefix("--") else { return false }
    let name = word.dropFirst(2).prefix { $0 != "=" }
    return options.contains { $0.name == name }
  }

  private func unknown(_ word: String) -> UsageError {
    let name = String(word.drop { $0 == "-" }.prefix { $0 != "=" })
    let nearest = word.hasPrefix("--") ? NearestWord.of(name, among: options.map(\.name)) : nil
    return UsageError("unknown flag \(word)" + (nearest.map { "; did you mean --\($0)?" } ?? ""))
  }

  private func readEnvironment(
    _ environment: [String: String], _ parsed: inout ParsedOptions
  ) throws(UsageError) {
    for option in options where parsed.values[option.name] == nil {
      guard option.name != "help", option.name != "version",
        let text = environment[option.environmentName], !text.isEmpty
      else { continue }
      if option.value == nil {
        switch text.lowercased() {
        case "1", "true", "yes": parsed.values[option.name] = [""]
        case "0", "false", "no": break
        default:
          throw UsageError("\(option.environmentName): \"\(text)\" is neither true nor false")
        }
      } else if option.repeats {
        parsed.values[option.name] = text.split(separator: ",").map(String.init)
      } else {
        parsed.values[option.name] = [text]
      }
    }
  }

  /// The flags with their help, aligned, each with its environment variable.
  ///
  /// - Parameter environment: the variables that the program reads; nil for one per flag.
  public func helpText(environment: Set<String>? = nil) -> String {
    let heads = options.map { option in
      let short = option.short.map { "-\($0), " } ?? "    "
      return "  \(short)--\(option.name)\(option.value.map { " \($0)" } ?? "")"
    }
    let width = min(34, (heads.map(\.count).max() ?? 0) + 2)
    var text = ""
    for (option, head) in zip(options, heads) {
      let gap =
        head.count < width
        ? String(repeating: " ", count: width - head.count)
        : "\n" + String(repeating: " ", count: width)
      text += head + gap + option.help
      let isRead = environment?.contains(option.environmentName) ?? true
      if option.name != "help" && option.name != "version" && isRead {
        text += " [\(option.environmentName)]"
      }
      text += "\n"
    }
    return text
  }
}

extension ParsedOptions {
  /// Applies `--log-level` and `--log-format`.
  public func configureLogger(defaultLevel: LogLevel = .info) throws(UsageError) {
    var level = defaultLevel
    if let name = string("log-level") {
      guard let named = LogLevel(name: name) else {
        throw UsageError("--log-level: \"\(name)\" is not error, warning, notice, info or debug")
      }
      level = named
    }
    var format = LogFormat.text
    if let name = string("log-format") {
      guard let named = LogFormat(rawValue: name) else {
        throw UsageError("--log-format: \"\(name)\" is neither text nor json")
      }
      format = named
    }
    Logger.configure(level: level, format: format)
  }
}
