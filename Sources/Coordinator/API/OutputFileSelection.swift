import Foundation
import Shared

/// Which output files of an execution a request is about.
struct OutputFileSelection {
  private var filter: OutputFileStore.Filter
  private let failuresOnly: Bool
  /// Numbers or UUIDs of agents, as other answers have them; nil for all.
  private let agents: Set<String>?
  private let page: Page

  /// Reads the parameters; what is wrong with them, the reader tells.
  init(_ query: inout QueryReader, of execution: ExecutionID) {
    filter = OutputFileStore.Filter(execution: execution)
    page = query.page()
    filter.sinceMicros = query.micros("since")
    filter.untilMicros = query.micros("until")
    filter.contentType = query.string("contentType")
    agents = query.agents("agent")
    filter.regions = query.list("regions").map { Set($0.map { ExecutionRegionID($0) }) }
    filter.client = query.int64("client")
    filter.iteration = query.int64("iteration")
    failuresOnly = query.bool("failuresOnly", default: false)
  }

  /// The files, in the order of their ids.
  ///
  /// - Parameter failedChecks: reads the checks of the execution that failed.
  func files(
    _ origins: RunOrigins, in store: Store, failedChecks: () throws -> AssertionReader
  ) throws -> [OutputFileRecord] {
    var files = try store.read { try OutputFileStore.list(filter, in: $0) }
    try Self.mark(&files, failedChecks)
    if failuresOnly { files = files.filter(\.metadata.isOfFailure) }
    if let agents {
      files = files.filter { file in
        guard let uuid = origins.agent(file.chunk, file.epoch) else { return false }
        let number = origins.agentNumber(file.chunk, file.epoch)
        return agents.contains(uuid.lowercased())
          || number.map { agents.contains("\($0)") } ?? false
      }
    }
    return Array(files.dropFirst(page.offset).prefix(page.limit ?? .max))
  }

  /// Files of iterations in which a check failed are of a failure, too.
  private static func mark(
    _ files: inout [OutputFileRecord], _ failedChecks: () throws -> AssertionReader
  ) throws {
    var places: [ClientMoment: [Int]] = [:]
    for (place, file) in files.enumerated() where !file.metadata.isOfFailure {
      places[file.metadata.moment, default: []].append(place)
    }
    guard !places.isEmpty else { return }
    var reader = try failedChecks()
    while !places.isEmpty, let checks = try reader.next() {
      for check in checks {
        guard let found = places.removeValue(forKey: check.result.moment) else { continue }
        for place in found { files[place].metadata.isOfFailure = true }
      }
    }
  }
}

extension QueryReader {
  /// Milliseconds since the Unix epoch, as microseconds.
  fileprivate mutating func micros(_ name: String) -> Int64? {
    int64(name, min: .min).map { max(-(1 << 52), min($0, 1 << 52)) * 1_000 }
  }

  /// Ids that commas separate.
  fileprivate mutating func list(_ name: String) -> [Int64]? {
    guard let text = string(name) else { return nil }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int64($0) }
    let ids = parts.compactMap { $0 }
    guard ids.count == parts.count else {
      fail(name, "must be ids separated by commas")
      return nil
    }
    return ids
  }

  /// Numbers or UUIDs of agents that commas separate.
  fileprivate mutating func agents(_ name: String) -> Set<String>? {
    guard let text = string(name) else { return nil }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map {
      Int64($0).map { "\($0)" } ?? $0.lowercased()
    }
    guard parts.allSatisfy({ Int64($0) != nil || UUID(uuidString: $0) != nil }) else {
      fail(name, "must be numbers or UUIDs of agents separated by commas")
      return nil
    }
    return Set(parts)
  }
}
