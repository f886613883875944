import Foundation
import Shared
import TestSupport

/// What a run of a k6 script counted.
struct K6Counts: Equatable {
  var requests: Int
  var iterations: Int
  /// Passes and fails by the paths of checks, `group::name`.
  var checks: [String: [Int]]
}

/// A script of `Tests/Fixtures/k6`, and what must come of it.
struct K6Script {
  /// Without `.js`.
  var file: String
  var requests = 0
  var iterations = 0
  var checks: [String: [Int]] = [:]

  static func path(_ file: String) -> String {
    var directory = URL(filePath: #filePath)
    for _ in 0..<2 { directory.deleteLastPathComponent() }
    return directory.appending(path: "Fixtures/k6/\(file).js").path
  }

  private var path: String { Self.path(file) }

  /// - Throws: `TestFailure` when the run does not end well: the thresholds of all scripts hold.
  func runOurs(target: String) throws -> K6Counts {
    let directory = try TemporaryDirectory()
    let json = directory.file("summary.json")
    let run = try ChildProcess(
      product: "throng", ["run", path, "-q", "-e", "BASE_URL=\(target)", "--json", json])
    let code = try run.waitForExit(seconds: 90)
    guard code == 0 else {
      throw TestFailure("\(file) ended with \(code):\n\(run.output)\n\(run.errors)")
    }
    // An iteration that throws is counted like any other, but told of.
    guard !run.errors.contains("throng: error") else {
      throw TestFailure("\(file) complains: \(run.errors)")
    }
    let summary = try JSONValue.parse(text: directory.read("summary.json"))["summary"]
    var checks: [String: [Int]] = [:]
    for check in summary?["checks"]?.arrayValue ?? [] {
      Self.add(check, to: &checks)
    }
    let iterations = try Self.iterations(in: run.output)
    return K6Counts(
      requests: Int(summary?["count"]?.intValue ?? 0), iterations: iterations, checks: checks)
  }

  /// What `k6` counts with its own numbers.
  func runTheirs(_ k6: String, target: String) throws -> K6Counts {
    let directory = try TemporaryDirectory()
    let json = directory.file("summary.json")
    let run = try ChildProcess(
      executable: k6,
      [
        "run", "-q", "--no-usage-report", "--address", "", "--summary-export", json,
        "-e", "BASE_URL=\(target)", path,
      ])
    let code = try run.waitForExit(seconds: 90)
    guard code == 0, !run.errors.contains("level=error") else {
      throw TestFailure("k6: \(file) ended with \(code):\n\(run.output)\n\(run.errors)")
    }
    let summary = try JSONValue.parse(text: directory.read("summary.json"))
    var checks: [String: [Int]] = [:]
    Self.collect(summary["root_group"], &checks)
    let metrics = summary["metrics"]
    return K6Counts(
      requests: Int(metrics?["http_reqs"]?["count"]?.intValue ?? 0),
      iterations: Int(metrics?["iterations"]?["count"]?.intValue ?? 0), checks: checks)
  }

  private static func collect(_ group: JSONValue?, _ checks: inout [String: [Int]]) {
    for (_, check) in group?["checks"]?.objectValue?.members ?? [] { add(check, to: &checks) }
    for (_, inner) in group?["groups"]?.objectValue?.members ?? [] { collect(inner, &checks) }
  }

  private static func add(_ check: JSONValue, to checks: inout [String: [Int]]) {
    guard var name = check["path"]?.stringValue ?? check["name"]?.stringValue else { return }
    if name.hasPrefix("::") { name.removeFirst(2) }
    let old = checks[name] ?? [0, 0]
    checks[name] = [
      old[0] + Int(check["passes"]?.intValue ?? 0), old[1] + Int(check["fails"]?.intValue ?? 0),
    ]
  }

  /// The number that the summary's line of iterations begins with.
  private static func iterations(in output: String) throws -> Int {
    for line in output.split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == ":" }
      guard let name = words.first, name.hasPrefix("iterations"), words.count > 1 else { continue }
      let number = words.dropFirst().lazy.compactMap { Int($0) }.first
      if let number { return number }
    }
    throw TestFailure("no iterations in\n\(output)")
  }
}

/// A real k6, for comparison where there is one.
enum K6Program {
  /// What `THRONG_K6` says, or what is in PATH; nil without one.
  static let path: String? = {
    if let named = ProcessInfo.processInfo.environment["THRONG_K6"] { return named }
    return try? ChildProcess.find("k6")
  }()
}
