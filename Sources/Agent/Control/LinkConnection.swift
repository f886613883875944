import Shared

/// One TCP connection to the coordinator: lines in and out. Confined to its loop.
final class LinkConnection {
  private let socket: FileDescriptor
  private let loop: EventLoop
  private var framer = LineFramer(maxBytes: Limits.coordinatorLineBytesMax)
  private var outbound: [UInt8] = []
  private var outboundStart = 0
  private var interest: Interest = .write
  private var connected = false
  private(set) var isOpen = true
  /// Boot time of the last sign of life, nanoseconds.
  private(set) var lastReadNanos = Clock.boottimeNanos()
  /// A line without its newline.
  var onLine: (([UInt8]) -> Void)?
  /// Why the connection ended; called once.
  var onClose: ((String) -> Void)?
  /// There is room for more to be sent.
  var onDrained: (() -> Void)?

  init(socket: FileDescriptor, loop: EventLoop) throws {
    self.socket = socket
    self.loop = loop
    try loop.watch(socket.number, .write) { self.ready($0) }
  }

  /// Bytes that wait to be sent.
  var pendingBytes: Int { outbound.count - outboundStart }

  func send(_ line: [UInt8]) {
    guard isOpen else { return }
    if outboundStart > 1 << 20, outboundStart > outbound.count / 2 {
      // A link that is never quite idle would otherwise keep all it ever sent.
      outbound.removeFirst(outboundStart)
      outboundStart = 0
    }
    outbound.append(contentsOf: line)
    if connected { flush() }
  }

  func close(_ reason: String) {
    guard isOpen else { return }
    isOpen = false
    loop.unwatch(socket.number)
    let closed = onClose
    onLine = nil
    onClose = nil
    onDrained = nil
    closed?(reason)
  }

  private func ready(_ readiness: Readiness) {
    if !connected {
      let code = Socket.pendingError(socket)
      guard code == 0 else { return close(SystemError("connect", code: code).description) }
      connected = true
      flush()
    } else if readiness.contains(.write) {
      flush()
      if isOpen, pendingBytes == 0 { onDrained?() }
    }
    guard isOpen else { return }
    if readiness.contains(.read) {
      readAll()
    } else if readiness.contains(.closed) {
      close("connection lost")
    }
  }

  private func readAll() {
    while isOpen {
      var result = TransferResult.wouldBlock
      withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
        result = socket.read(into: buffer)
        if case .bytes(let count) = result {
          framer.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
      }
      switch result {
      case .bytes:
        lastReadNanos = Clock.boottimeNanos()
        takeLines()
      case .wouldBlock: return
      case .endOfFile: close("closed by the coordinator")
      case .failed(let code): close(SystemError("read", code: code).description)
      }
    }
  }

  private func takeLines() {
    do {
      while isOpen, let line = try framer.next() {
        if !line.isEmpty { onLine?(line) }
      }
    } catch {
      close("the coordinator sent a line of more than \(framer.lineBytesMax) bytes")
    }
  }

  private func flush() {
    while isOpen, outboundStart < outbound.count {
      let result = outbound.withUnsafeBytes {
        socket.send(UnsafeRawBufferPointer(rebasing: $0[outboundStart...]))
      }
      switch result {
      case .bytes(let count): outboundStart += count
      case .wouldBlock: return updateInterest()
      case .endOfFile, .failed: return close("connection lost")
      }
    }
    outbound.removeAll(keepingCapacity: outbound.count < 1 << 20)
    outboundStart = 0
    updateInterest()
  }

  private func updateInterest() {
    guard isOpen else { return }
    let wanted: Interest = outboundStart < outbound.count ? [.read, .write] : .read
    guard wanted != interest else { return }
    interest = wanted
    loop.rewatch(socket.number, wanted)
  }
}
