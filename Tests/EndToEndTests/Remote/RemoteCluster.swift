import Foundation
import Shared
import TestSupport

/// A cluster, and `throng` driving it over its REST API.
final class RemoteCluster {
  let cluster: Cluster
  let directory: TemporaryDirectory
  var server: String { "http://127.0.0.1:\(cluster.coordinator.httpPort)" }
  var nginx: NginxServer { cluster.nginx }

  init(_ members: [Cluster.Member] = Cluster.single) throws {
    cluster = try Cluster(members)
    directory = try TemporaryDirectory()
  }

  /// Starts `throng` against the coordinator.
  func begin(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> ChildProcess {
    try ChildProcess(
      product: "throng", arguments,
      environment: ["THRONG_SERVER": server].merging(environment) { $1 },
      directory: directory.path)
  }

  /// Runs `throng` to its end. Answers what it has written.
  @discardableResult
  func throng(
    _ arguments: String..., expect: Int32 = 0, seconds: Double = 60
  ) throws -> (output: String, errors: String) {
    let child = try begin(arguments)
    let code = try child.waitForExit(seconds: seconds)
    guard code == expect else {
      throw TestFailure(
        "throng \(arguments.joined(separator: " ")): \(code)\n\(child.output)\n\(child.errors)")
    }
    return (child.output, child.errors)
  }

  /// The first line that it writes.
  func line(_ arguments: String...) throws -> String {
    let child = try begin(arguments)
    guard try child.waitForExit() == 0 else {
      throw TestFailure("throng \(arguments.joined(separator: " ")): \(child.errors)")
    }
    return child.output.split(separator: "\n").first.map(String.init) ?? ""
  }

  func json(_ arguments: String...) throws -> JSONValue {
    let child = try begin(arguments + ["--json"])
    guard try child.waitForExit() == 0 else {
      throw TestFailure("throng \(arguments.joined(separator: " ")): \(child.errors)")
    }
    return try JSONValue.parse(text: child.output)
  }

  func execution(_ id: String) -> Execution {
    Execution(id: Int(id) ?? 0, coordinator: cluster.coordinator)
  }

  /// A Steps script of one request to nginx.
  func steps(_ path: String = "/json", sleepMs: Int = 0, name: String = "steps.json") throws
    -> String
  {
    let pause = sleepMs > 0 ? ",{\"sleepMs\":\(sleepMs)}" : ""
    return try directory.write(name, "{\"steps\":[\(cluster.get(path))\(pause)]}")
  }
}
