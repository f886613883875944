import Coordinator
import Foundation
import Shared

/// The script of `throng run`: made from a URL, or read from a file.
struct RunScript {
  /// As `POST /start` takes it.
  private(set) var object = JSONObject()
  /// A JavaScript script, compiled; nil for others.
  private(set) var code: PreparedCode?
  /// A JavaScript script's folder, in which its files are.
  private(set) var folder = ""
  /// What a JavaScript script finds in `__ENV` beside parameters.
  private let environment: [String: String]

  /// - Parameters:
  ///   - target: a URL, or the path of a JSON or JavaScript file.
  ///   - params: what a JavaScript script finds in `params` and `__ENV`.
  ///   - environment: what it finds in `__ENV` beside them.
  /// - Throws: `UsageError` naming what is wrong.
  init(
    _ target: String, params: JSONObject, environment: [String: String] = [:]
  ) throws(UsageError) {
    if Self.isURL(target) {
      try self.init(text: Self.steps(url: target), target, isCode: false, params: params)
      return
    }
    guard !target.hasSuffix(".ts") else { throw Self.typeScript(target) }
    guard access(target, F_OK) == 0 else {
      throw UsageError(
        "\"\(target)\" is neither an http:// or https:// URL nor a file that is there")
    }
    let text = try InputFile.read(target)
    try self.init(
      text: text, target, isCode: Self.isCode(target), params: params,
      environment: environment)
  }

  /// What a test of this script is called: the folders say nothing to those who see it later.
  var fileName: String { Self.fileName(object["name"]?.stringValue ?? "") }

  /// The last part of a path; a URL as it is.
  static func fileName(_ target: String) -> String {
    target.contains("://") ? target : String(target.split(separator: "/").last ?? "-")
  }

  /// A script whose text is there already.
  ///
  /// - Parameter path: where it is from, which names it; files are opened beside it.
  init(
    text: String, _ path: String, isCode: Bool, params: JSONObject,
    environment: [String: String] = [:]
  ) throws(UsageError) {
    self.environment = environment
    object["name"] = .string(path)
    object["scriptType"] = .string("Steps")
    object["content"] = .string(text)
    if isCode {
      try takeCode(text, path, params)
      return
    }
    do {
      _ = try JSONValue.parse(text: text)
    } catch {
      throw InputFile.notJSON(error, text, path)
    }
  }

  static func isURL(_ target: String) -> Bool {
    target.hasPrefix("http://") || target.hasPrefix("https://")
  }

  static func isCode(_ path: String) -> Bool {
    [".js", ".mjs", ".cjs"].contains { path.hasSuffix($0) }
  }

  static func typeScript(_ path: String) -> UsageError {
    UsageError(
      "\(path): TypeScript is not supported: compile it to JavaScript first", helpTells: false)
  }

  private static func steps(url: String) -> String {
    var request = JSONObject()
    // A dollar sign in a URL is meant as such, not as the beginning of a template.
    request["url"] = .string(url.replacingOccurrences(of: "${", with: "$${"))
    let step: JSONObject = ["request": .object(request)]
    return JSONValue.object(["steps": .array([.object(step)])]).text
  }

  private mutating func takeCode(
    _ source: String, _ path: String, _ params: JSONObject
  ) throws(UsageError) {
    object["scriptType"] = .string("Code")
    let url = URL(fileURLWithPath: path)
    folder = url.deletingLastPathComponent().path
    do {
      // Threads of the JavaScript engine live on, and must leave Ctrl-C to those who wait for it.
      try SignalSource.withheld([SIGINT, SIGTERM, SIGHUP]) {
        try compile(source, url.lastPathComponent, params)
      }
    } catch {
      let isException = (error as? ScriptError)?.isException ?? false
      throw UsageError(
        "\(error)", helpTells: false,
        exitCode: isException ? ExitCode.scriptException : ExitCode.badConfiguration)
    }
  }

  private mutating func compile(
    _ source: String, _ file: String, _ params: JSONObject
  ) throws {
    let compiled = try ScriptCompiler.shared.compile(source, file: file)
    let files = try Self.read(compiled.opens, in: folder)
    var members = JSONObject()
    for (name, bytes) in files {
      let text = Data(bytes).base64EncodedString()
      members[name] = .object(["base64": .string(text)])
    }
    if !files.isEmpty { object["files"] = .object(members) }
    code = try PreparedCode(
      source: source, file: file, files: files, params: params, environment: environment)
  }

  /// What the script opens, each name from its folder, as k6 does.
  private static func read(
    _ names: [String], in folder: String
  ) throws(UsageError) -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in names {
      let path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
      do {
        files[name] = try InputFile.bytes(path)
      } catch {
        throw UsageError("the script opens '\(name)': \(error)")
      }
    }
    return files
  }
}
