import Shared

/// Completion for fish.
enum FishCompletion {
  static var text: String {
    let model = CompletionModel()
    var text = """
      # fish completion of throng; made by: throng completion fish

      \(places(model))
      # Where the command line is among the subcommands.
      function __throng_place
          set -l words (commandline -opc)
          set -e words[1]
          set -l place ''
          set -l skip 0
          for word in $words
              if test $skip = 1
                  set skip 0
              else if string match -q -- '-*' $word
                  contains -- "$place $word" $__throng_value_flags; and set skip 1
              else
                  set -l next (string trim -- "$place $word")
                  contains -- $next $__throng_places; and set place $next
              end
          end
          test "$place" = "$argv[1]"
      end

      # What the coordinator knows, if there is one.
      function __throng_ask
          set -l words (commandline -opc)
          command $words[1] completion $argv[1] (commandline -pc | string collect) 2>/dev/null
      end

      complete -c throng -f

      """
    for place in model.places { text += lines(place) }
    return text
  }

  private static func places(_ model: CompletionModel) -> String {
    let names = model.places.map(\.path).filter { !$0.isEmpty }.map(quoted)
    var flags: [String] = []
    for place in model.places {
      let taking = place.options.filter { $0.value != nil }
      flags += taking.flatMap(CompletionModel.spellings).map { quoted("\(place.path) \($0)") }
    }
    return "set -g __throng_places \(names.joined(separator: " "))\n"
      + "set -g __throng_value_flags \(flags.joined(separator: " "))\n"
  }

  private static func lines(_ place: CompletionModel.Place) -> String {
    let condition = "complete -c throng -n " + quoted("__throng_place \(quoted(place.path))")
    var text = ""
    for (word, summary) in place.words {
      text += "\(condition) -a \(quoted(word)) -d \(quoted(summary))\n"
    }
    let words = place.argumentWords
    if !words.isEmpty { text += "\(condition) -a \(quoted(words.joined(separator: " ")))\n" }
    for source in place.sources {
      text += "\(condition) -a '(__throng_ask \(source.rawValue))'\n"
    }
    if place.takesFiles { text += "\(condition) -F\n" }
    for option in place.options {
      text += "\(condition) -l \(quoted(option.name))"
      if let short = option.short { text += " -s \(short)" }
      if option.value != nil { text += " -x" }
      if let choices = place.choices[option.name] {
        text += " -a \(quoted(choices.joined(separator: " ")))"
      } else if CompletionModel.isFile(option) {
        text += " -a '(__fish_complete_path)'"
      } else if let source = CompletionModel.source(option) {
        text += " -a '(__throng_ask \(source.rawValue))'"
      }
      text += " -d \(quoted(option.help))\n"
    }
    return text
  }

  /// Text between single quotes, in which fish knows two escapes.
  private static func quoted(_ text: String) -> String {
    "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }
}
