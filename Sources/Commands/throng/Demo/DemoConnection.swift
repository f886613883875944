import Shared

/// One client of the demo target: reads a request, waits, answers, reads the next.
///
/// Lives on the target's loop.
final class DemoConnection {
  private let socket: FileDescriptor
  private let loop: EventLoop
  private var parser = DemoRequestParser()
  private var random = SystemRandomNumberGenerator()
  private var output: [UInt8] = []
  private var sent = 0
  private var closesAfterOutput = false
  private var timer: TimerID?
  private let onClose: (Int32) -> Void

  /// - Parameter onClose: called once with the descriptor's number, before it is closed.
  init(
    socket: FileDescriptor, loop: EventLoop, onClose: @escaping (Int32) -> Void
  ) throws {
    self.socket = socket
    self.loop = loop
    self.onClose = onClose
    Socket.setNoDelay(socket)
    try loop.watch(socket.number, .read) { [weak self] readiness in
      self?.ready(readiness)
    }
  }

  private func ready(_ readiness: Readiness) {
    if readiness.contains(.write) { flush() } else if readiness.contains(.read) { receive() }
    // A peer that is gone while we wait or write leaves nothing else to be told by.
    if readiness.contains(.closed), timer != nil || !output.isEmpty { close() }
  }

  private func receive() {
    let result = withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
      let result = socket.read(into: buffer)
      if case .bytes(let count) = result {
        parser.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
      return result
    }
    switch result {
    case .bytes: advance()
    case .wouldBlock: break
    case .endOfFile, .failed: close()
    }
  }

  /// Answers the next request, if it is whole. While one is answered, nothing is read: a client
  /// that sends without reading must not fill our memory.
  private func advance() {
    do {
      guard let request = try parser.next() else {
        loop.rewatch(socket.number, .read)
        return
      }
      let response = DemoResponse.answer(to: request, random: &random)
      let bytes = response.encoded(head: request.method == "HEAD", keepAlive: request.keepAlive)
      closesAfterOutput = !request.keepAlive
      guard response.delayMs > 0 else { return send(bytes) }
      loop.rewatch(socket.number, [])
      timer = loop.schedule(afterNanos: Int64(response.delayMs) * 1_000_000) { [weak self] in
        self?.timer = nil
        self?.send(bytes)
      }
    } catch {
      closesAfterOutput = true
      send(
        DemoResponse(status: error.status, contentType: "text/plain", body: "\(error.reason)\n")
          .encoded(head: false, keepAlive: false))
    }
  }

  private func send(_ bytes: [UInt8]) {
    output = bytes
    sent = 0
    flush()
  }

  private func flush() {
    while sent < output.count {
      let result = output.withUnsafeBytes {
        socket.send(UnsafeRawBufferPointer(rebasing: $0[sent...]))
      }
      switch result {
      case .bytes(let count): sent += count
      case .wouldBlock: return loop.rewatch(socket.number, .write)
      case .endOfFile, .failed: return close()
      }
    }
    output = []
    if closesAfterOutput { close() } else { advance() }
  }

  private func close() {
    if let timer { loop.cancel(timer) }
    timer = nil
    loop.unwatch(socket.number)
    onClose(socket.number)
  }
}
