import Shared
import XCTest

@testable import throng

/// The table that reading, help and completion are made from.
final class CommandTableTests: XCTestCase {
  func test_flags_areUniqueInEachCommand() {
    for command in CommandTable.all {
      let names = command.allOptions.map(\.name)
      XCTAssertEqual(Set(names).count, names.count, "\(command.name): \(names)")
      let letters = command.allOptions.compactMap(\.short)
      XCTAssertEqual(Set(letters).count, letters.count, "\(command.name): \(letters)")
      for name in command.choices.keys {
        XCTAssert(names.contains(name), "\(command.name) has no --\(name)")
      }
    }
    let paths = CommandTable.all.map(\.name)
    XCTAssertEqual(Set(paths).count, paths.count)
  }

  func test_help_tellsOfEveryFlagAndExitCode() {
    for command in CommandTable.all where command.isRemote {
      let help = CommandHelp.text(command)
      XCTAssert(help.contains("usage: \(command.usage) [flags]"), help)
      for option in command.allOptions {
        XCTAssert(help.contains("--\(option.name)"), "\(option.name) is missing in \(help)")
      }
      for code in ["0", "1", "104", "130"] + command.exitCodes.keys.map(String.init) {
        XCTAssert(help.contains("\n  \(code) "), "\(code) is missing in \(help)")
      }
      XCTAssertFalse(command.examples.isEmpty, command.name)
      // Only one of them is read from the environment under a name of its own.
      XCTAssertFalse(help.contains("THRONG_LIMIT"), help)
      XCTAssert(help.contains("[THRONG_SERVER]"), help)
    }
    for command in CommandTable.all {
      XCTAssert(CommandHelp.overview.contains(command.usage), command.name)
      XCTAssert(CommandHelp.overview.contains(command.summary), command.name)
    }
  }

  func test_examples_areCommandLinesThatParse() throws {
    for command in CommandTable.all {
      for example in command.examples {
        // Quotes are the shell's, and so is what follows a pipe.
        let words = example.split(separator: "|")[0].replacing("'", with: "")
          .split(separator: " ").map(String.init)
        XCTAssertEqual(Array(words.prefix(command.path.count)), command.path, example)
        let known = Set(command.allOptions.flatMap(CompletionModel.spellings))
        for word in words where word.hasPrefix("-") && word != "-" {
          XCTAssert(known.contains(word), "\(example): \(word)")
        }
      }
    }
  }

  func test_completion_hasAPlaceForEveryCommand() {
    let places = CompletionModel().places
    for command in CommandTable.all {
      let place = places.first { $0.path == command.name }
      XCTAssertEqual(place?.options.map(\.name), command.allOptions.map(\.name), command.name)
      let parent = command.path.dropLast().joined(separator: " ")
      let words = places.first { $0.path == parent }?.words.map(\.word) ?? []
      XCTAssert(words.contains(command.path[command.path.count - 1]), command.name)
    }
  }
}
