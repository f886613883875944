import Foundation
import TestSupport
import XCTest

@testable import throng

/// Completion in the shells themselves.
final class CompletionTests: XCTestCase {
  private let cases: [(line: String, has: [String], lacks: [String])] = [
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

  private func check(
    _ shell: String, _ complete: (String, TemporaryDirectory) throws -> [String]
  ) throws {
    let directory = try directory()
    for (line, has, lacks) in cases {
      let words = try complete(line, directory)
      for word in has { XCTAssert(words.contains(word), "\(shell): \(line): \(words)") }
      for word in lacks { XCTAssertFalse(words.contains(word), "\(shell): \(line): \(words)") }
    }
  }

  func test_bash_completes() throws {
    try check("bash") { line, directory in
      // As bash calls it: words are cut at its separators, `:` and `=` among them.
      let program = """
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
        printf '%s\\n' "${COMPREPLY[@]}"
        """
      return try ChildProcess.run(
        "bash", ["--norc", "-c", program, "bash", line], directory: directory.path
      ).split(separator: "\n").map(String.init)
    }
  }

  func test_fish_completes() throws {
    try check("fish") { line, directory in
      let quoted = "'" + line + "'"
      return try ChildProcess.run(
        "fish", ["--no-config", "-c", "source throng.fish; complete -C \(quoted)"],
        directory: directory.path
      ).split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
    }
  }

  func test_zsh_completes() throws {
    try check("zsh") { line, directory in
      try directory.write("setup.zsh", Self.zshSetup)
      try directory.write("offers.zsh", Self.zshOffers)
      let output = try ChildProcess.run(
        "zsh", ["-f", "offers.zsh", line], directory: directory.path)
      return output.split(whereSeparator: \.isNewline).compactMap { line in
        line.range(of: "\u{1}hit ").map { String(line[$0.upperBound...]) }
      }
    }
  }

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
