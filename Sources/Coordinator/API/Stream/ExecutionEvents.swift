import Shared

/// What one client sees of an execution: first how it stands, then what changes, as the text of
/// server-sent events. Used by one thread at a time.
final class ExecutionEvents {
  /// Bytes after which a piece is handed on.
  private static let pieceBytes = 48 << 10

  let waker = StreamWaker()
  private let feed: ExecutionFeed
  private let kinds: EventKinds
  private let heartbeatNanos: Int64
  private var cursor: EventCursor
  private var chunks: ShownItems
  private var limits: ShownItems
  private var bytes: [UInt8] = Array("retry: 1000\n\n".utf8)
  private var saidAt = Clock.monotonicNanos()

  /// - Parameter cursor: what the client has seen.
  init(
    _ feed: ExecutionFeed, _ kinds: EventKinds, after cursor: EventCursor,
    heartbeatMs: Int = Limits.eventHeartbeatMs
  ) {
    self.feed = feed
    self.kinds = kinds
    self.cursor = cursor
    heartbeatNanos = Int64(heartbeatMs) * 1_000_000
    chunks = ShownItems(cursor.chunks)
    limits = ShownItems(cursor.limits)
    feed.add(waker)
  }

  deinit { feed.remove(waker) }

  var stream: BodyStream { BodyStream(live: waker) { try self.next() } }

  private func next() throws -> BodyStream.Step {
    if cursor.isEnd, bytes.isEmpty { return .end }
    if !cursor.isEnd {
      if feed.isDeleted { end() } else if let present = feed.present { try show(present) }
    }
    let now = Clock.monotonicNanos()
    if bytes.isEmpty {
      guard now >= saidAt + heartbeatNanos else {
        return .later(nanos: saidAt + heartbeatNanos)
      }
      // Without it nobody would notice that the client is gone.
      bytes = Array(": \n\n".utf8)
    }
    saidAt = now
    defer { bytes = [] }
    return .piece(bytes)
  }

  /// Writes what the client has not seen, as much as goes into a piece.
  private func show(_ present: ExecutionPresent) throws {
    if kinds.contains(.state), cursor.state != present.state.digest {
      cursor.state = present.state.digest
      event("state", present.state.json)
    }
    if kinds.contains(.chunk) {
      show("chunk", present.chunks, &chunks) { $0.chunks = $1 }
    }
    if kinds.contains(.limit) {
      show("limit", present.limits, &limits) { $0.limits = $1 }
    }
    if kinds.contains(.interval), try !showIntervals(present) { return }
    if kinds.contains(.log), try !showLogs(present) { return }
    if present.isOver { end() }
  }

  private func show(
    _ name: String, _ items: [RenderedItem], _ shown: inout ShownItems,
    _ note: (inout EventCursor, [UInt32]) -> Void
  ) {
    for index in shown.changed(in: items) {
      shown.show(index, of: items)
      note(&cursor, shown.groups)
      event(name, items[index].json)
    }
  }

  /// - Returns: whether all of them were shown.
  private func showIntervals(_ present: ExecutionPresent) throws -> Bool {
    let seen = cursor.interval
    let first = present.intervals.partitioningIndex { $0 > seen }
    for mark in present.intervals[first...] {
      if bytes.count >= Self.pieceBytes { return false }
      let json = try feed.interval(mark)
      cursor.interval = mark
      if let json { event("interval", json) }
    }
    return true
  }

  private func showLogs(_ present: ExecutionPresent) throws -> Bool {
    while true {
      let lines = try feed.logs(after: cursor.log, in: present)
      if lines.isEmpty { return true }
      for line in lines {
        if bytes.count >= Self.pieceBytes { return false }
        cursor.log = line.id
        event("log", line.json)
      }
    }
  }

  private func end() {
    cursor.isEnd = true
    event("end", Array("{}".utf8))
  }

  private func event(_ name: String, _ json: [UInt8]) {
    bytes += "id: \(cursor.text)\nevent: \(name)\ndata: ".utf8
    bytes += json
    bytes += "\n\n".utf8
  }
}
