import Foundation
import Shared
import TestSupport
import XCTest

@testable import Coordinator

/// A whole coordinator with played agents.
final class SharingFixture {
  let coordinator: CoordinatorRuntime
  private let directory: TemporaryDirectory
  private(set) var agents: [PlayedAgent] = []
  private(set) var leases: [Lease] = []
  private(set) var execution: Int64 = 0

  init() throws {
    directory = try TemporaryDirectory()
    let any = HostPort(host: "127.0.0.1", port: 0)
    coordinator = try CoordinatorRuntime(
      options: .init(http: any, agents: any, dataDirectory: directory.file("data")))
  }

  deinit { _ = coordinator.shutDown(seconds: 1) }

  func call(
    _ method: String, _ target: String, _ body: String = "", type: String = "application/json"
  ) throws -> Answer {
    let response = coordinator.handle(
      HTTPRequest(
        method, target, headers: [(name: "Content-Type", value: type)], body: body))
    guard case .bytes(let bytes) = response.body else { throw Unexpected(what: "a stream") }
    return Answer(status: response.status, headers: response.headers, body: bytes)
  }

  /// Lets agents join, one per region, and begins an execution with so many clients on each.
  func run(clients: [Int]) throws {
    let regions = clients.indices.map { "region-\($0)" }
    agents = try regions.map { try PlayedAgent(coordinator, region: $0) }
    let shares = zip(regions, clients).map {
      "{\"name\":\"\($0)\",\"concurrentClients\":\($1)}"
    }
    execution = try call(
      "POST", "/start",
      """
      {"script":{"content":{"steps":[{"sleepMs":1}]}},"durationSecs":600,
       "regions":[\(shares.joined(separator: ","))]}
      """
    ).id()
    leases = try agents.map { try $0.accept() }
    for agent in agents { try agent.begun() }
  }

  /// Connects an agent anew, with its run.
  func reconnect(_ index: Int) throws {
    let lease = leases[index]
    let cursor = LeaseCursor(chunk: lease.chunk, epoch: lease.epoch, nextSeq: 1)
    agents[index] = try PlayedAgent(
      coordinator, region: "region-\(index)", id: agents[index].id, resume: [cursor])
  }
}
