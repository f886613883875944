import CLinux
import Foundation
import Shared

/// A TCP proxy between two real programs that misbehaves on command.
///
/// `@unchecked Sendable`: everything but the constants is touched only on `loop`.
public final class FaultProxy: @unchecked Sendable {
  /// Where clients connect.
  public let port: UInt16
  let loop: EventLoop
  private let listener: FileDescriptor
  private let upstream: HostPort
  private var links: [Int32: ProxyLink] = [:]
  private var refusing = false
  private var delayNanos: Int64 = 0
  private var accepted = 0
  private var refused = 0

  /// Forwards to `upstreamPort` on this machine.
  public init(to upstreamPort: UInt16) throws {
    upstream = HostPort(host: "127.0.0.1", port: upstreamPort)
    loop = try EventLoop(name: "fault-proxy")
    listener = try Socket.listen(HostPort(host: "127.0.0.1", port: 0))
    port = Socket.localPort(listener)
    loop.start()
    try loop.sync { [self] in
      try loop.watch(listener.number, .read) { [weak self] _ in self?.acceptAll() }
    }
  }

  deinit { loop.stop() }

  /// Cuts every link, and with `refusing` also those that come, until `restore()`.
  public func cut(refusing: Bool = false) throws {
    try loop.sync { [self] in
      self.refusing = refusing
      for link in links.values { link.close() }
      links = [:]
    }
  }

  /// Lets clients through again.
  public func restore() throws { try loop.sync { [self] in refusing = false } }

  /// Holds everything back for so long, in both directions, on links from now on.
  public func delay(milliseconds: Int) throws {
    try loop.sync { [self] in delayNanos = Int64(milliseconds) * 1_000_000 }
  }

  /// Connections let through so far.
  public func connections() throws -> Int { try loop.sync { [self] in accepted } }

  /// Connections refused so far.
  public func refusals() throws -> Int { try loop.sync { [self] in refused } }

  private func acceptAll() {
    while let client = try? Socket.accept(listener) {
      // Dropping the descriptor closes it: the client sees a link that ends at once.
      guard !refusing, let server = try? Socket.connect(upstream) else {
        refused += 1
        continue
      }
      accepted += 1
      let number = client.number
      links[number] = ProxyLink(client, server, loop: loop, delayNanos: delayNanos) {
        [weak self] in self?.links[number] = nil
      }
    }
  }
}

/// Two sockets that get each other's bytes. Lives on the proxy's loop.
private final class ProxyLink {
  private let ends: [FileDescriptor]
  private let loop: EventLoop
  private let delayNanos: Int64
  private let onClose: () -> Void
  /// What waits to be written to each end, and how much of it may be by now.
  private var pending: [[UInt8]] = [[], []]
  private var due = [0, 0]
  private var closed = false
  /// Above this, an end is not read until its peer has taken something.
  private static let pendingMax = 1 << 20

  init(
    _ client: FileDescriptor, _ server: FileDescriptor, loop: EventLoop, delayNanos: Int64,
    onClose: @escaping () -> Void
  ) {
    ends = [client, server]
    self.loop = loop
    self.delayNanos = delayNanos
    self.onClose = onClose
    for side in [0, 1] {
      Socket.setNoDelay(ends[side])
      do {
        try loop.watch(ends[side].number, .read) { [weak self] readiness in
          self?.ready(side, readiness)
        }
      } catch {
        close()
      }
    }
  }

  func close() {
    guard !closed else { return }
    closed = true
    for end in ends { loop.unwatch(end.number) }
    onClose()
  }

  private func ready(_ side: Int, _ readiness: Readiness) {
    if readiness.contains(.write) { flush(side) }
    guard !closed, readiness.contains(.read) || readiness.contains(.closed) else { return }
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    switch chunk.withUnsafeMutableBytes({ ends[side].read(into: $0) }) {
    case .bytes(let count): forward(Array(chunk[..<count]), to: 1 - side)
    case .wouldBlock: break
    case .endOfFile, .failed: close()
    }
  }

  private func forward(_ bytes: [UInt8], to side: Int) {
    pending[side] += bytes
    guard delayNanos > 0 else {
      due[side] += bytes.count
      return flush(side)
    }
    loop.schedule(afterNanos: delayNanos) { [weak self] in
      guard let self, !self.closed else { return }
      self.due[side] += bytes.count
      self.flush(side)
    }
    updateInterest()
  }

  private func flush(_ side: Int) {
    while due[side] > 0 {
      let result = pending[side].withUnsafeBytes {
        ends[side].send(UnsafeRawBufferPointer(rebasing: $0[..<due[side]]))
      }
      guard case .bytes(let count) = result else {
        // A connection that is still being made says ENOTCONN or EAGAIN: both will pass.
        if result == .wouldBlock || result == .failed(ENOTCONN) { break }
        return close()
      }
      pending[side].removeFirst(count)
      due[side] -= count
    }
    updateInterest()
  }

  private func updateInterest() {
    for side in [0, 1] {
      var interest: Interest = []
      if pending[1 - side].count < Self.pendingMax { interest.insert(.read) }
      if due[side] > 0 { interest.insert(.write) }
      loop.rewatch(ends[side].number, interest)
    }
  }
}
