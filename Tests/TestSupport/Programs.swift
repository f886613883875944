import Shared

/// A real `throng-coordinator` on free ports, with a store of its own.
public final class CoordinatorProcess {
  public let process: ChildProcess
  public let httpPort: UInt16
  public let agentPort: UInt16
  public let dataDirectory: String
  public var http: HTTPClient { HTTPClient(port: httpPort) }
  private let directory: TemporaryDirectory

  /// - Parameter dataDirectory: where the store is, or nil for a directory that goes away.
  public init(
    dataDirectory: String? = nil, _ arguments: [String] = [], environment: [String: String] = [:]
  ) throws {
    directory = try TemporaryDirectory()
    self.dataDirectory = dataDirectory ?? directory.file("data")
    process = try ChildProcess(
      product: "throng-coordinator",
      [
        "--http", "127.0.0.1:0", "--agents", "127.0.0.1:0", "--data-dir", self.dataDirectory,
      ] + arguments, environment: environment)
    httpPort = try Self.port(
      in: process.waitForLine(containing: "http listening on 127.0.0.1:"))
    agentPort = try Self.port(
      in: process.waitForLine(containing: "agents listening on 127.0.0.1:"))
  }

  private static func port(in line: String) throws -> UInt16 {
    guard let port = HostPort(String(line.split(separator: " ").last ?? ""))?.port, port > 0 else {
      throw TestFailure("no address in \"\(line)\"")
    }
    return port
  }
}

/// A real `throng-agent`, joined when `init` returns.
public final class AgentProcess {
  public let process: ChildProcess
  public let name: String
  public let region: String
  private let directory: TemporaryDirectory

  /// - Parameter port: where the coordinator, or a proxy before it, takes agents.
  public init(
    port: UInt16, region: String, name: String, capacity: Int? = nil, _ arguments: [String] = [],
    environment: [String: String] = [:]
  ) throws {
    directory = try TemporaryDirectory()
    self.name = name
    self.region = region
    process = try ChildProcess(
      product: "throng-agent",
      [
        "--coordinator", "127.0.0.1:\(port)", "--region", region, "--name", name,
        "--state-dir", directory.file("state"),
      ] + (capacity.map { ["--capacity", String($0)] } ?? []) + arguments, environment: environment)
    try process.waitForLine(containing: "joined 127.0.0.1:\(port) as \(name) in \(region)")
  }
}
