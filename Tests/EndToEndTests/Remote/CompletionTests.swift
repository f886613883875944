import Foundation
import TestSupport
import XCTest

@testable import throng

/// Completion in the shells themselves.
final class CompletionTests: XCTestCase {
  private typealias Case = (line: String, has: [String], lacks: [String])

  private let cases: [Case] = [
    ("throng wa", ["watch"], ["run", "stop"]),
    ("throng ", ["run", "test", "watch", "completion", "help"], ["create", "--help"]),
    ("throng test ", ["create", "list", "show", "delete"], ["watch"]),
    ("throng --server http://host:80 te", ["test"], ["watch"]),
    ("throng test create --na", ["--name"], ["--csv"]),
    ("throng report 3 --", ["--pdf", "--junit", "--csv", "--har", "--server"], ["--users"]),
    ("throng report 3 --dashboard ", ["overview", "resources", "errors"], ["latest"]),
    ("throng report la", ["latest"], ["overview"]),
    ("throng completion ", ["bash", "zsh", "fish"], ["latest"]),
    ("throng help te", ["test"], ["watch"]),
    ("throng help test cr", ["create"], ["list"]),
    // The value of a flag is no subcommand.
    ("throng --server list wa", ["watch"], ["--limit"]),
    ("throng script create my-scr", ["my-script.js"], ["other.txt"]),
    ("throng report 3 --pdf my-scr", ["my-script.js"], ["other.txt"]),
    ("throng run --us", ["--users"], ["--server"]),
  ]

  private func directory() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    try directory.write("my-script.js", "")
    try directory.write("other.txt", "")
    for shell in Shell.allCases {
      let child = try ChildProcess(product: "throng", ["completion", shell.rawValue])
      XCTAssertEqual(try child.waitForExit(), 0, child.errors)
      try directory.write("throng.\(shell.rawValue)", child.output)
    }
    return directory
  }

  private func check(_ shell: Shell, _ cases: [Case], server: String = "") throws {
    let directory = try directory()
    // The shells ask the program itself for what only a coordinator knows.
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let environment = [
      "THRONG_SERVER": server, "PATH": ChildProcess.productsDirectory + ":" + path,
    ]
    for (line, has, lacks) in cases {
      let (command, arguments) = try Self.completing(line, shell, directory)
      let output = try ChildProcess.run(
        command, arguments, environment: environment, directory: directory.path)
      let words = Self.words(output, shell)
      for word in has { XCTAssert(words.contains(word), "\(shell): \(line): \(words)") }
      for word in lacks { XCTAssertFalse(words.contains(word), "\(shell): \(line): \(words)") }
    }
  }

  /// What makes a shell tell what it offers for a line.
  private static func completing(
    _ line: String, _ shell: Shell, _ directory: TemporaryDirectory
  ) throws -> (String, [String]) {
    switch shell {
    case .bash: return ("bash", ["--norc", "-c", bashOffers, "bash", line])
    case .fish:
      return ("fish", ["--no-config", "-c", "source throng.fish; complete -C '\(line)'"])
    case .zsh:
      try directory.write("setup.zsh", zshSetup)
      try directory.write("offers.zsh", zshOffers)
      return ("zsh", ["-f", "offers.zsh", line])
    }
  }

  private static func words(_ output: String, _ shell: Shell) -> [String] {
    let lines = output.split(whereSeparator: \.isNewline).map(String.init)
    switch shell {
    case .bash: return lines
    case .fish: return lines.map { String($0.prefix { $0 != "\t" }) }
    case .zsh:
      return lines.compactMap { line in
        line.range(of: "\u{1}hit ").map { String(line[$0.upperBound...]) }
      }
    }
  }

  func test_bash_completes() throws { try check(.bash, cases) }

  func test_fish_completes() throws { try check(.fish, cases) }

  func test_zsh_completes() throws { try check(.zsh, cases) }

  func test_idsAndRegions_areThoseOfTheCoordinator() throws {
    let remote = try RemoteCluster(Cluster.threeAgents)
    let id = try remote.line(
      "start", try remote.steps(), "-u", "1", "-i", "1", "--regions", "eu-west", "--name", "a: b")
    let script = try remote.line("script", "create", try remote.steps(name: "other.json"))
    let test = try remote.line("test", "create", "other.json", "--regions", "us-east")
    try remote.execution(id).waitUntilCompleted()
    // bash would run it, were it offered.
    let mark = remote.directory.file("mark")
    let region = try remote.cluster.http.send(
      "POST", "/regions", body: #"{"name":"x$(touch \#(mark))"}"#)
    XCTAssertEqual(region.status, 201, region.text)
    for shell in Shell.allCases {
      try check(
        shell,
        [
          ("throng show ", ["latest", id], ["my-script.js"]),
          ("throng list --test ", [test], ["eu-west"]),
          ("throng script show ", [script], ["latest"]),
          ("throng start my-script.js --regions ", ["eu-west", "us-east"], ["my-script.js"]),
          ("throng start my-scr", ["my-script.js"], ["eu-west"]),
        ], server: remote.server)
    }
    XCTAssertFalse(FileManager.default.fileExists(atPath: mark))
    let asked = try ChildProcess(
      product: "throng", ["completion", "executions", "throng --server \(remote.server) show "])
    XCTAssertEqual(try asked.waitForExit(), 0)
    XCTAssertEqual(asked.output, "\(id)\tcompleted, a: b\n")
    let alone = try ChildProcess(
      product: "throng", ["completion", "tests"],
      environment: ["THRONG_SERVER": "127.0.0.1:\(try FreePort.refusing())"])
    XCTAssertEqual(try alone.waitForExit(), 1)
    XCTAssertEqual(alone.output + alone.errors, "")
  }

  /// As bash calls it: words are cut at its separators, `:` and `=` among them.
  private static let bashOffers = #"""
    set -u
    source throng.bash
    line="$1"
    words=()
    rest="$line"
    while [[ $rest =~ ^[[:space:]]*([:=]+|[^[:space:]:=]+)(.*)$ ]]; do
      words+=("${BASH_REMATCH[1]}")
      rest="${BASH_REMATCH[2]}"
    done
    [[ $line == *' ' ]] && words+=("")
    COMP_WORDS=("${words[@]}")
    COMP_CWORD=$(( ${#words[@]} - 1 ))
    COMP_LINE="$line"
    COMP_POINT=${#line}
    compopt() { :; }
    _throng throng
    printf '%s\n' "${COMPREPLY[@]}"
    """#

  /// In the shell whose completion is watched: says what is offered, and when that was all.
  private static let zshSetup = #"""
    PS1= PS2=
    stty -echo
    autoload -Uz compinit
    compinit -u -d ./dump
    source ./throng.zsh
    bindkey '^I' complete-word
    zstyle ':completion:*' insert-tab false
    compadd() {
      if (( ${@[(I)-[OAD]]} )); then builtin compadd "$@"; return; fi
      local -a hits
      builtin compadd -A hits "$@"
      print -rl -- $'\1'hit' '$^hits
      builtin compadd "$@"
    }
    finish() { print -r -- $'\1'end }
    comppostfuncs=(finish)
    print ready
    """#

  /// Lists what Tab offers for a command line in a zsh on a terminal of its own.
  private static let zshOffers = #"""
    zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell "source ./setup.zsh"
    while zpty -r shell reply; do [[ $reply == *ready* ]] && break; done
    zpty -w -n shell "$1"$'\t'
    while zpty -r shell reply; do
      print -r -- $reply
      [[ $reply == *$'\1'end* ]] && break
    done
    """#
}
