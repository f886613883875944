import Shared

/// Completion for zsh, with what each word does.
enum ZshCompletion {
  static var text: String {
    let model = CompletionModel()
    return """
      #compdef throng
      # zsh completion of throng; made by: throng completion zsh

      \(ShellCases.steps(model))
      \(ShellCases.values(model))
      \(ShellCases.cases("_throng_words", model, words))
      \(ShellCases.cases("_throng_flags", model, flags))
      \(ShellCases.cases("_throng_flag_values", model, flagValues))
      \(ShellCases.cases("_throng_files", model) { $0.takesFiles ? "return 0" : "return 1" })
      # What the coordinator knows, if there is one, added to `reply` with what it is or without.
      _throng_ask() {
        local -a lines
        lines=(${(f)"$("${(Q)words[1]}" completion "$1" "${words[*]}" 2>/dev/null)"})
        if [[ ${2-} == words ]]; then
          reply+=(${lines%%$'\\t'*})
        else
          lines=(${lines//:/\\\\:})
          reply+=(${lines/$'\\t'/:})
        fi
      }
      _throng() {
        local cur="${words[CURRENT]}" prev="" place="" word next
        local -i index=2
        local -a reply
        while (( index < CURRENT )); do
          word="${words[index]}"
          next="${place:+$place }$word"
          if [[ $word == -* ]]; then
            # The value of a flag is no subcommand.
            if _throng_takes_value "$place" "$word"; then index+=1; fi
          elif _throng_is_place "$next"; then
            place="$next"
          fi
          index+=1
        done
        (( CURRENT > 2 )) && prev="${words[CURRENT-1]}"
        reply=()
        if [[ $prev == -* ]] && _throng_takes_value "$place" "$prev"; then
          _throng_flag_values "$place" "$prev"
          if [[ ${reply[1]} == FILE ]]; then
            _files
          elif (( ${#reply} )); then
            compadd -- "${reply[@]}"
          fi
        elif [[ $cur == -* ]]; then
          _throng_flags "$place"
          (( ${#reply} )) && _describe 'flag' reply
        else
          _throng_words "$place"
          (( ${#reply} )) && _describe 'command' reply
          _throng_files "$place" && _files
        fi
      }

      if [[ ${funcstack[1]} == _throng ]]; then
        _throng "$@"
      else
        compdef _throng throng
      fi

      """
  }

  /// `word:what it does`, with the colons of both escaped.
  private static func entry(_ word: String, _ summary: String) -> String {
    func escaped(_ text: String) -> String {
      text.replacing("\\", with: "\\\\").replacing(":", with: "\\:")
    }
    return CompletionModel.quoted("\(escaped(word)):\(escaped(summary))")
  }

  private static func words(_ place: CompletionModel.Place) -> String {
    let entries =
      place.words.map { entry($0.word, $0.summary) }
      + place.argumentWords.map { CompletionModel.quoted($0) }
    let reply = entries.isEmpty ? [] : ["reply=(\(entries.joined(separator: " ")))"]
    return (reply + place.sources.map { "_throng_ask \($0.rawValue)" }).joined(separator: "; ")
  }

  private static func flags(_ place: CompletionModel.Place) -> String {
    let entries = place.options.flatMap { option in
      CompletionModel.spellings(option).map { entry($0, option.help) }
    }
    return entries.isEmpty ? "" : "reply=(\(entries.joined(separator: " ")))"
  }

  private static func flagValues(_ place: CompletionModel.Place) -> String {
    var cases: [String] = []
    for option in place.options {
      let patterns = CompletionModel.spellings(option).joined(separator: "|")
      if CompletionModel.isFile(option) {
        cases.append("\(patterns)) reply=(FILE) ;;")
      } else if let choices = place.choices[option.name] {
        let words = choices.map { CompletionModel.quoted($0) }.joined(separator: " ")
        cases.append("\(patterns)) reply=(\(words)) ;;")
      } else if let source = CompletionModel.source(option) {
        cases.append("\(patterns)) _throng_ask \(source.rawValue) words ;;")
      }
    }
    return cases.isEmpty ? "" : "case \"$2\" in \(cases.joined(separator: " ")) esac"
  }
}
