import Foundation
import Shared

/// A whole agent: identity, engine threads, link to the coordinator.
public final class AgentRuntime: Sendable {
  public struct Options: Sendable {
    public var coordinator: HostPort
    public var region: String
    public var name: String
    /// Clients that it runs at most.
    public var capacity: Int
    /// Directory of its identity; made when missing.
    public var stateDirectory: String
    /// nil for one per core.
    public var engineThreads: Int?
    public var labels: [String: String]
    /// What scripts find in `__ENV` where their parameters say nothing else.
    public var environment: [String: String]
    /// Bytes that this process may have in memory; nil for a share of what there is.
    public var memoryBytesMax: Int64?

    public init(
      coordinator: HostPort, region: String, name: String, capacity: Int, stateDirectory: String,
      engineThreads: Int? = nil, labels: [String: String] = [:],
      environment: [String: String] = [:], memoryBytesMax: Int64? = nil
    ) {
      self.memoryBytesMax = memoryBytesMax
      self.coordinator = coordinator
      self.region = region
      self.name = name
      self.capacity = capacity
      self.stateDirectory = stateDirectory
      self.engineThreads = engineThreads
      self.labels = labels
      self.environment = environment
    }
  }

  /// Descriptors beside those of clients: link, epolls, files.
  private static let descriptorReserve = 64
  private static let engineThreadsMax = 64

  public let capacity: Int
  /// Connections that the limit of open files leaves for clients.
  public let descriptorsForClients: Int
  private let loop: EventLoop
  private let link: CoordinatorLink
  private let engines: [EngineThread]

  /// Takes the state directory and makes the threads; `start` sets them going.
  ///
  /// - Throws: `SystemError` or `StateDirectoryInUse` naming what cannot be used.
  public init(options: Options) throws {
    let identity = try AgentIdentity(directory: options.stateDirectory)
    let descriptors = DescriptorLimit.raise() - Self.descriptorReserve
    descriptorsForClients = max(1, descriptors)
    capacity = min(options.capacity, descriptorsForClients)
    if capacity < options.capacity {
      Logger("agent").warning(
        "fewer clients than asked for: the limit of open files does not allow more",
        ["capacity": "\(capacity)", "asked": "\(options.capacity)"])
    }
    let loop = try EventLoop(name: "agent-link")
    self.loop = loop
    let box = LinkBox()
    let memory = MemoryGate(
      bytesMax: try options.memoryBytesMax ?? MemoryLimit().bytesMax(nil))
    let count = min(
      Self.engineThreadsMax,
      options.engineThreads ?? ProcessInfo.processInfo.activeProcessorCount)
    engines = try (0..<max(1, count)).map { index in
      try EngineThread(index: index, memory: memory) { engine, event in
        loop.execute { box.link?.take(event, from: engine) }
      }
    }
    link = CoordinatorLink(
      settings: .init(
        coordinator: options.coordinator, region: options.region, name: options.name,
        capacity: capacity, labels: options.labels, environment: options.environment),
      identity: identity, loop: loop, engines: engines, memory: memory)
    box.link = link
  }

  /// Connects, and runs until drained.
  ///
  /// - Parameters:
  ///   - onJoined: called at every join.
  ///   - onRefused: called when the coordinator will never take this agent; says why.
  ///   - onHung: called when an engine thread hangs in a script for good, and every second again.
  public func start(
    onJoined: (@Sendable () -> Void)? = nil,
    onRefused: (@Sendable (_ code: String, _ message: String) -> Void)? = nil,
    onHung: (@Sendable () -> Void)? = nil
  ) throws {
    for engine in engines { engine.start() }
    loop.start()
    let link = link
    try loop.sync {
      link.onJoined = onJoined
      link.onHung = onHung
      if let onRefused { link.onRefused = { onRefused($0.code, $0.message) } }
      link.start()
    }
  }

  /// Ends its runs, uploads all results, leaves. `completion` is called once that is done; it is
  /// not when the coordinator cannot be reached.
  public func drain(graceSecs: Double = 8, completion: @escaping @Sendable () -> Void) {
    let (link, engines, loop) = (link, engines, loop)
    loop.execute {
      link.drain(graceSecs: graceSecs) {
        for engine in engines { engine.stop() }
        loop.stop()
        completion()
      }
    }
  }

  /// Whether the control thread and the engine threads do their work. Blocks for up to five
  /// seconds when the former does not.
  public func isResponsive() -> Bool {
    guard loop.responds(withinSeconds: 5) else { return false }
    let link = link
    return (try? loop.sync { link.enginesWork }) ?? false
  }

  /// Batches that the coordinator has not acknowledged.
  public func unsentBatches() -> Int {
    let link = link
    return
      (try? loop.sync {
        link.runs.values.reduce(0) { $0 + $1.spool.nextSeq - $1.spool.resumeSeq }
      }) ?? 0
  }
}

/// Ties the knot between engines, which report to the link, and the link, which commands them.
///
/// `@unchecked Sendable`: written once before any engine starts, then read on the loop only.
private final class LinkBox: @unchecked Sendable {
  var link: CoordinatorLink?
}
