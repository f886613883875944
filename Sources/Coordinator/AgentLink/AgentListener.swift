import Shared

/// Accepts agents' connections. Confined to the loop.
final class AgentListener {
  /// Connections that have not joined; strangers beyond it wait in the kernel's queue.
  private static let retryNanos: Int64 = 100_000_000

  let port: UInt16
  private let socket: FileDescriptor
  private let loop: EventLoop
  private let accepted: (FileDescriptor) -> Void
  private let log = Logger("link")
  private var open = true

  /// - Throws: `SystemError` or `ResolveError` naming the address.
  init(
    address: HostPort, loop: EventLoop, accepted: @escaping (FileDescriptor) -> Void
  ) throws {
    socket = try Socket.listen(address)
    port = Socket.localPort(socket)
    self.loop = loop
    self.accepted = accepted
  }

  func start() throws {
    try loop.watch(socket.number, .read) { [weak self] _ in self?.acceptAll() }
  }

  func stop() {
    open = false
    loop.unwatch(socket.number)
  }

  private func acceptAll() {
    do {
      while let connection = try Socket.accept(socket) { accepted(connection) }
    } catch {
      // Out of descriptors, most likely. The listener stays readable, so watching on would spin.
      log.error("cannot accept agents", ["error": "\(error)"])
      loop.rewatch(socket.number, [])
      loop.schedule(afterNanos: Self.retryNanos) { [weak self] in
        guard let self, self.open else { return }
        self.loop.rewatch(self.socket.number, .read)
      }
    }
  }
}
