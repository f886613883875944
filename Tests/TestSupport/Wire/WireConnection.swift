import Foundation

/// One connection of a `WireServer`, on a thread of its own.
final class WireConnection {
  private enum End: Error { case closed }

  private let stream: TCPStream
  private unowned let server: WireServer
  /// What came and was not taken yet.
  private var bytes: [UInt8] = []

  init(_ stream: TCPStream, _ server: WireServer) {
    self.stream = stream
    self.server = server
  }

  // MARK: HTTP/1

  func serveHTTP1(_ wireCase: WireCase) throws {
    try perform(wireCase.greeting, request: 0)
    while let length = try readHead() {
      let answer = wireCase.answer(to: server.nextRequest())
      if !answer.isEarly { try readBody(length) }
      try perform(answer.steps, request: 0)
      if answer.isEarly { try readBody(length) }
    }
  }

  /// Takes a head; answers the length of the body behind it, or nil at the end of the stream.
  private func readHead() throws -> Int? {
    let end = Array("\r\n\r\n".utf8)
    var from = 0
    while true {
      if let found = bytes[from...].firstRange(of: end) {
        let head = String(decoding: bytes[..<found.lowerBound], as: UTF8.self).lowercased()
        bytes.removeFirst(found.upperBound)
        let lines = head.components(separatedBy: "\r\n")
        let length = lines.first { $0.hasPrefix("content-length:") }
        return length.flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
      }
      from = max(0, bytes.count - 3)
      guard try readMore() else { return nil }
    }
  }

  private func readBody(_ length: Int) throws {
    while bytes.count < length { guard try readMore() else { throw End.closed } }
    bytes.removeFirst(length)
  }

  private func readMore() throws -> Bool {
    guard let more = try stream.read() else { return false }
    server.count { $0.bytesRead += more.count }
    bytes += more
    return true
  }

  // MARK: HTTP/2

  private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  func serveHTTP2(_ wireCase: WireCase) throws {
    while bytes.count < Self.preface.count { guard try readMore() else { return } }
    guard bytes.starts(with: Self.preface) else { return }
    bytes.removeFirst(Self.preface.count)
    if wireCase.greeting.isEmpty {
      try send(WireFrame(type: 4, stream: .number(0)).bytes(request: 0))
    }
    try perform(wireCase.greeting, request: 0)
    var (open, ended) = (Set<Int>(), 0)
    while let frame = try readFrame() {
      guard frame.type <= 1, frame.stream > ended else { continue }
      let isBegun = frame.type == 1 && open.insert(frame.stream).inserted
      let isEnd = frame.flags & 1 != 0
      guard isEnd || isBegun else { continue }
      let answer = wireCase.answer(to: server.seen.requests + 1)
      guard isEnd || answer.isEarly else { continue }
      ended = frame.stream
      _ = server.nextRequest()
      try perform(answer.steps, request: frame.stream)
    }
  }

  private struct Frame {
    var type: UInt8
    var flags: UInt8
    var stream: Int
  }

  /// Takes a frame, and answers what every server answers at once; nil at the end of the stream.
  private func readFrame() throws -> Frame? {
    while bytes.count < 9 { guard try readMore() else { return nil } }
    let length = Int(bytes[0]) << 16 | Int(bytes[1]) << 8 | Int(bytes[2])
    let frame = Frame(
      type: bytes[3], flags: bytes[4],
      stream: bytes[5..<9].reduce(0) { $0 << 8 | Int($1) } & 0x7fff_ffff)
    while bytes.count < 9 + length { guard try readMore() else { return nil } }
    let payload = Array(bytes[9..<(9 + length)])
    bytes.removeFirst(9 + length)
    if frame.type == 4, frame.flags & 1 == 0 {
      try send(WireFrame(type: 4, flags: 1, stream: .number(0)).bytes(request: 0))
    }
    if frame.type == 6, frame.flags & 1 == 0 {
      try send(WireFrame(type: 6, flags: 1, stream: .number(0), payload: payload).bytes(request: 0))
    }
    return frame
  }

  // MARK: steps

  private func send(_ bytes: [UInt8]) throws {
    // Before: whoever has all of it may ask at once.
    server.count { $0.bytesWritten += bytes.count }
    try stream.write(bytes)
  }

  private func perform(_ steps: [WireCase.Step], request: Int) throws {
    for step in steps {
      switch step {
      case .send(let bytes, let times):
        try send(WireCase.repeated(bytes, times))
      case .frame(let frame, let times):
        try send(WireCase.repeated(frame.bytes(request: request), times))
      case .forever(let bytes):
        let many = WireCase.repeated(bytes, max(1, (16 << 10) / bytes.count))
        // Ends when the client closes: writing fails then.
        while true { try send(many) }
      case .pause: WireServer.pause()
      case .finish: stream.finishWriting()
      case .await(let type):
        while let frame = try readFrame(), frame.type != type {}
      case .reset:
        // What was sent has arrived: only loopback lies between.
        stream.resetOnClose()
        throw End.closed
      case .close:
        // Closing with something unread would be a reset.
        stream.finishWriting()
        _ = stream.waitUntilClosed()
        throw End.closed
      }
    }
  }
}
