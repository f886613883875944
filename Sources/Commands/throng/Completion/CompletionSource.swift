import Foundation
import Shared

/// What only a coordinator knows of a command line's next word.
enum CompletionSource: String, CaseIterable {
  case executions, tests, scripts, regions

  /// More than anybody looks through.
  private static let wordsMax = "50"
  /// Whoever has pressed Tab waits.
  private static let connectTimeoutMs = 1_000
  private static let idleSecsMax = 2.0

  /// Prints a word a line, with what it stands for behind a tab. Says nothing of failures: the
  /// line is being edited.
  ///
  /// - Parameter line: which may name the coordinator.
  func run(line: String) -> Int32 {
    do {
      let environment = ProcessInfo.processInfo.environment.filter {
        RemoteCall.environmentNames.contains($0.key)
      }
      let options = try OptionParser(Command.remoteOptions)
        .parse(Self.flags(of: line), environment: environment)
      let server = try RemoteServer(options, connectTimeoutMs: Self.connectTimeoutMs)
      server.idleSecsMax = Self.idleSecsMax
      return ThrongCommand.say(try words(server).map { $0 + "\n" }.joined())
    } catch {
      return ExitCode.failure
    }
  }

  /// The flags of a line that is being written which say whom to ask.
  static func flags(of line: String) -> [String] {
    let words = line.split(separator: " ").map(String.init)
    var flags: [String] = []
    for (index, word) in words.enumerated() {
      if word == "--server" || word == "--server-ca" {
        if index + 1 < words.count { flags += [word, words[index + 1]] }
      } else if word.hasPrefix("--server") {
        flags.append(word)
      }
    }
    return flags
  }

  private func words(_ server: RemoteServer) throws -> [String] {
    let answer = try server.json(path).arrayValue ?? []
    return answer.compactMap { element in
      let name = element.at("name")?.plain ?? ""
      let (word, meaning) =
        switch self {
        case .executions:
          (
            element.at("id")?.text,
            "\(ExecutionView(element).state), \(ExecutionView(element).name)"
          )
        case .tests, .scripts: (element.at("id")?.text, name)
        case .regions: (name, element.at("description")?.plain ?? "")
        }
      // bash expands what it chooses from: a name with a dollar sign would be a command.
      guard let word, word.allSatisfy(Self.isPlain) else { return nil }
      return word + "\t" + TextWidth.harmless(meaning)
    }
  }

  private static func isPlain(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "._-".contains(character)
  }

  private var path: RemotePath {
    let page: [(name: String, value: String?)] = [("limit", Self.wordsMax)]
    return switch self {
    case .executions:
      RemotePath("executions").with(
        page + [("up", "true"), ("includeScript", "false"), ("includeSummary", "false")])
    case .tests: RemotePath("test-confs").with(page)
    case .scripts: RemotePath("scripts").with(page)
    case .regions: RemotePath("regions")
    }
  }
}
