import Shared

/// Completion for bash, 4 and later.
enum BashCompletion {
  static var text: String {
    let model = CompletionModel()
    return """
      # bash completion of throng; made by: throng completion bash

      \(ShellCases.steps(model))
      \(ShellCases.values(model))
      \(ShellCases.cases("_throng_words", model, words))
      \(ShellCases.cases("_throng_flags", model, flags))
      \(ShellCases.cases("_throng_flag_values", model, flagValues))
      \(ShellCases.cases("_throng_files", model) { $0.takesFiles ? "return 0" : "return 1" })
      # What the coordinator knows, if there is one.
      _throng_ask() {
        local word rest
        "${COMP_WORDS[0]}" completion "$1" "$COMP_LINE" 2>/dev/null |
          while IFS=$'\\t' read -r word rest; do echo "$word"; done
      }

      _throng() {
        local cur="${COMP_WORDS[COMP_CWORD]}" prev="" path="" word next choices
        local -i index=1
        COMPREPLY=()
        while (( index < COMP_CWORD )); do
          word="${COMP_WORDS[index]}"
          next="${path:+$path }$word"
          if [[ $word == -* ]]; then
            # The value of a flag is no subcommand.
            if _throng_takes_value "$path" "$word"; then index+=1; fi
          elif _throng_is_place "$next"; then
            path="$next"
          fi
          index+=1
        done
        (( COMP_CWORD > 1 )) && prev="${COMP_WORDS[COMP_CWORD-1]}"
        if [[ $prev == -* ]] && _throng_takes_value "$path" "$prev"; then
          choices="$(_throng_flag_values "$path" "$prev")"
          if [[ $choices == FILE ]]; then
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
          else
            mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$cur")
          fi
        elif [[ $cur == -* ]]; then
          mapfile -t COMPREPLY < <(compgen -W "$(_throng_flags "$path")" -- "$cur")
        else
          mapfile -t COMPREPLY < <(compgen -W "$(_throng_words "$path")" -- "$cur")
          if _throng_files "$path"; then
            compopt -o filenames 2>/dev/null
            mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
          fi
        fi
      }

      complete -F _throng throng

      """
  }

  private static func words(_ place: CompletionModel.Place) -> String {
    let words = place.words.map(\.word) + place.argumentWords
    let echo =
      words.isEmpty ? [] : ["echo \(CompletionModel.quoted(words.joined(separator: " ")))"]
    return (echo + place.sources.map { "_throng_ask \($0.rawValue)" }).joined(separator: "; ")
  }

  private static func flags(_ place: CompletionModel.Place) -> String {
    let flags = place.options.flatMap(CompletionModel.spellings)
    return flags.isEmpty ? "" : "echo \(CompletionModel.quoted(flags.joined(separator: " ")))"
  }

  private static func flagValues(_ place: CompletionModel.Place) -> String {
    var cases: [String] = []
    for option in place.options {
      let patterns = CompletionModel.spellings(option).joined(separator: "|")
      if CompletionModel.isFile(option) {
        cases.append("\(patterns)) echo FILE ;;")
      } else if let choices = place.choices[option.name] {
        let words = CompletionModel.quoted(choices.joined(separator: " "))
        cases.append("\(patterns)) echo \(words) ;;")
      } else if let source = CompletionModel.source(option) {
        cases.append("\(patterns)) _throng_ask \(source.rawValue) ;;")
      }
    }
    return cases.isEmpty ? "" : "case \"$2\" in \(cases.joined(separator: " ")) esac"
  }
}
