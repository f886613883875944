import Shared

/// Subcommands that work on this machine, as the table knows them; each reads its line itself.
extension Command {
  static let run = Command(
    path: ["run"], summary: "run a test here: coordinator and agents in one process",
    arguments: [Argument(name: "URL|FILE", kind: .file)], options: RunOptions.parser.options,
    choices: TestCommands.choices, work: .local { RunCommand.run($0) })

  static let new = Command(
    path: ["new"], summary: "write a script in JavaScript to begin with",
    arguments: [Argument(name: "script.js", kind: .file)], options: NewCommand.parser.options,
    work: .local { NewCommand.run($0) })

  static let demoTarget = Command(
    path: ["demo-target"], summary: "serve a small target to try things on",
    options: DemoTarget.parser.options, work: .local { runDemoTarget(arguments: $0) })
}
