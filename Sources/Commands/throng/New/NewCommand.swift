import Foundation
import Shared

/// `throng new`: writes a script to begin with, and the declarations that editors complete from.
enum NewCommand {
  static let parser = OptionParser(
    [
      Option("k6", "a script in the manner of k6"),
      Option("help", short: "h", "show this help"),
      Option("version", "show the version"),
    ], argumentsMax: 1)

  private static let help = """
    throng new: write a script to begin with

    usage: throng new script.js [flags]

    Beside it goes throng.d.ts, from which editors complete and explain what scripts can use.
    No script is ever overwritten.

          --k6       a script in the manner of k6
      -h, --help     show this help
          --version  show the version

    exit codes:
      0    written
      1    failure: a file could not be written
      104  bad flags, or a script of that name is there

    examples:
      throng new script.js && throng run script.js -u 10 -d 10s
      throng new --k6 script.js

    """

  static func run(_ words: [String]) -> Int32 {
    do {
      let parsed = try parser.parse(words, environment: [:])
      if parsed.has("help") {
        print(help, terminator: "")
        return ExitCode.success
      }
      if parsed.has("version") {
        print("throng \(throngVersion)")
        return ExitCode.success
      }
      guard let path = parsed.arguments.first else {
        throw UsageError("a name is missing: throng new script.js")
      }
      for line in try write(path, likeK6: parsed.has("k6")) { print(line) }
      return ExitCode.success
    } catch {
      return ThrongCommand.failed(error, command: "new")
    }
  }

  /// - Returns: what has been done, a line each.
  /// - Throws: `UsageError` when the name cannot be used, `SystemError` when writing fails.
  private static func write(_ path: String, likeK6: Bool) throws -> [String] {
    let name = (path as NSString).lastPathComponent
    guard name.hasSuffix(".js"), name.count > 3, !path.hasSuffix("/") else {
      throw UsageError("\"\(path)\" does not end with .js, as scripts in JavaScript do")
    }
    let starter = likeK6 ? PackageResources.starter_k6_js : PackageResources.starter_js
    let text = String(decoding: starter, as: UTF8.self).replacing("{name}", with: path)
    try NewFile.create(path, text)
    var lines = ["wrote \(path)"]

    let directory = (path as NSString).deletingLastPathComponent
    let declarations = (directory as NSString).appendingPathComponent(Declarations.fileName)
    let present = try? String(contentsOfFile: declarations, encoding: .utf8)
    if FileManager.default.fileExists(atPath: declarations), present == nil {
      lines.append("left \(declarations) as it is: it cannot be read")
      return lines
    }
    switch Declarations.action(on: present) {
    case .write:
      try NewFile.replace(declarations, Declarations.text)
      lines.append("wrote \(declarations)")
    case .keep: break
    case .leave(let reason): lines.append("left \(declarations) as it is: \(reason)")
    }
    return lines
  }
}
