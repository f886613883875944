import Shared

extension Command {
  static let completion = Command(
    path: ["completion"], summary: "print what makes a shell complete throng's command lines",
    arguments: [Argument(name: "SHELL", kind: .choice(Shell.allCases.map(\.rawValue)))],
    options: Command.helpOptions, work: .local { CompletionCommand.run($0) })
}

/// Shells that completion is made for.
enum Shell: String, CaseIterable { case bash, zsh, fish }

/// `throng completion SHELL`.
enum CompletionCommand {
  private static let help = """
    throng completion: print what makes a shell complete throng's command lines

    usage: throng completion bash | zsh | fish

      bash  source <(throng completion bash)          in ~/.bashrc, or into
            /etc/bash_completion.d/throng
      zsh   source <(throng completion zsh)           in ~/.zshrc after compinit, or into a file
            _throng in a directory of $fpath
      fish  throng completion fish | source           in ~/.config/fish/config.fish, or into
            ~/.config/fish/completions/throng.fish

    Ids of executions, tests and scripts and the names of regions are completed from the
    coordinator that --server or THRONG_SERVER names. The shells ask for them with throng
    completion executions | tests | scripts | regions, a word and what it is on a line.

      -h, --help  show this help

    exit codes:
      0    printed
      104  no such shell

    """

  static func run(_ words: [String]) -> Int32 {
    do {
      if let source = words.first.flatMap(CompletionSource.init(rawValue:)) {
        return source.run(line: words.dropFirst().joined(separator: " "))
      }
      let parsed = try OptionParser(Command.helpOptions, argumentsMax: 1)
        .parse(words, environment: [:])
      if parsed.has("help") {
        return ThrongCommand.say(help)
      }
      guard let name = parsed.arguments.first, let shell = Shell(rawValue: name) else {
        throw UsageError("which shell: bash, zsh or fish?")
      }
      return ThrongCommand.say(text(shell))
    } catch {
      ThrongCommand.complain("\(error)\nTry throng completion --help.")
      return ExitCode.badConfiguration
    }
  }

  static func text(_ shell: Shell) -> String {
    switch shell {
    case .bash: BashCompletion.text
    case .zsh: ZshCompletion.text
    case .fish: FishCompletion.text
    }
  }
}
