import Agent
import Coordinator
import Foundation
import Shared

/// A coordinator and its agents in this process, linked over real loopback sockets.
final class EmbeddedCluster {
  let coordinator: CoordinatorRuntime
  private let agents: [AgentRuntime]
  /// Deleted by `shutDown`; nil when the store is kept.
  let temporaryDirectory: String?

  /// - Parameters:
  ///   - regions: one agent each, able to run the users named.
  ///   - dataDirectory: where the store is kept; nil for a temporary directory that is deleted.
  ///   - environment: what scripts find in `__ENV` beside parameters.
  init(
    regions: [(name: String, users: Int)], dataDirectory: String?,
    environment: [String: String] = [:]
  ) throws {
    let directory: String
    if let dataDirectory {
      directory = dataDirectory
      temporaryDirectory = nil
    } else {
      directory = try Self.makeTemporaryDirectory()
      temporaryDirectory = directory
    }
    let loopback = HostPort(host: "127.0.0.1", port: 0)
    do {
      coordinator = try CoordinatorRuntime(
        options: .init(
          http: loopback, agents: loopback, dataDirectory: directory, environment: environment))
      var agents: [AgentRuntime] = []
      // Together the agents use the cores once, not once each.
      let threads = max(1, ProcessInfo.processInfo.activeProcessorCount / regions.count)
      for (index, region) in regions.enumerated() {
        let agent = try AgentRuntime(
          options: AgentRuntime.Options(
            coordinator: coordinator.agentAddress, region: region.name,
            name: "local-\(region.name)", capacity: region.users,
            stateDirectory: "\(directory)/agents/\(index)", engineThreads: threads,
            environment: environment))
        // All agents of this process share one limit of open files.
        let users = regions.reduce(0) { $0 + $1.users }
        guard users <= agent.descriptorsForClients else {
          throw UsageError(
            "\(users) users need as many connections, and this process may open only "
              + "\(agent.descriptorsForClients): raise the limit of open files (ulimit -n)")
        }
        try agent.start(onHung: {
          ThrongCommand.complain("a thread hangs in a script that nothing can end")
          _exit(ExitCode.failure)
        })
        agents.append(agent)
      }
      self.agents = agents
    } catch {
      if let temporaryDirectory { try? FileManager.default.removeItem(atPath: temporaryDirectory) }
      throw error
    }
  }

  func shutDown() {
    let drained = DispatchGroup()
    for agent in agents {
      drained.enter()
      agent.drain { drained.leave() }
    }
    _ = drained.wait(timeout: .now() + Limits.drainSecs)
    _ = coordinator.shutDown(seconds: 5)
    if let temporaryDirectory { try? FileManager.default.removeItem(atPath: temporaryDirectory) }
  }

  private static func makeTemporaryDirectory() throws -> String {
    let base = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    // mkdtemp fills in the six places.
    var template = Array("\(base)/throng-\(String(repeating: "X", count: 6))".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemError("make a directory in \(base)") }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
