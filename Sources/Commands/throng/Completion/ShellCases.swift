import Shared

/// The table of completions as functions of a POSIX-like shell, which bash and zsh share.
enum ShellCases {
  /// `_throng_steps PATH WORD`: whether a subcommand's name goes on to another place.
  static func steps(_ model: CompletionModel) -> String {
    var known = model.places.map(\.path).filter { !$0.isEmpty }
    // Behind `help` commands lead nowhere further.
    known.removeAll { $0.isEmpty }
    let patterns = known.map { CompletionModel.quoted($0) }.joined(separator: "|")
    return """
      _throng_is_place() {
        case "$1" in
          \(patterns)) return 0 ;;
        esac
        return 1
      }

      """
  }

  /// `_throng_takes_value PATH FLAG`: whether the word after a flag is its value.
  static func values(_ model: CompletionModel) -> String {
    var text = "_throng_takes_value() {\n  case \"$1 $2\" in\n"
    for place in model.places {
      let flags = place.options.filter { $0.value != nil }.flatMap(CompletionModel.spellings)
      guard !flags.isEmpty else { continue }
      let patterns = flags.map { CompletionModel.quoted("\(place.path) \($0)") }
      text += "    \(patterns.joined(separator: "|"))) return 0 ;;\n"
    }
    return text + "  esac\n  return 1\n}\n"
  }

  /// A function with a case for each place.
  static func cases(
    _ name: String, _ model: CompletionModel, _ body: (CompletionModel.Place) -> String
  ) -> String {
    var text = "\(name)() {\n  case \"$1\" in\n"
    for place in model.places {
      let lines = body(place)
      guard !lines.isEmpty else { continue }
      text += "    \(CompletionModel.quoted(place.path))) \(lines) ;;\n"
    }
    return text + "  esac\n}\n"
  }
}
