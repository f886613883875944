import Foundation
import Synchronization

/// The lines that a process writes to one of its streams, for threads to wait on.
///
/// `@unchecked Sendable`: all state is guarded by `condition`.
final class LineLog: @unchecked Sendable {
  private let condition = NSCondition()
  private var bytes: [UInt8] = []
  private var lines: [String] = []
  private var partial: [UInt8] = []
  private var ended = false

  /// Reads `handle` to its end on a thread of its own.
  func collect(_ handle: FileHandle) {
    let thread = Thread {
      while true {
        let data = handle.availableData
        if data.isEmpty { break }
        self.append(data)
      }
      self.end()
    }
    thread.start()
  }

  var text: String {
    condition.withLock { String(decoding: bytes, as: UTF8.self) }
  }

  /// The `occurrence`th line (from 1) for which `matches` holds, as soon as it is there; nil when
  /// the stream ended or `seconds` passed without it.
  func wait(
    seconds: Double, occurrence: Int, _ matches: (String) -> Bool
  ) -> String? {
    let deadline = Date(timeIntervalSinceNow: seconds)
    condition.lock()
    defer { condition.unlock() }
    var next = 0
    var found = 0
    while true {
      while next < lines.count {
        if matches(lines[next]) {
          found += 1
          if found == occurrence { return lines[next] }
        }
        next += 1
      }
      if ended || !condition.wait(until: deadline) && next == lines.count { return nil }
    }
  }

  /// Waits until the stream has ended.
  func waitForEnd(seconds: Double) {
    let deadline = Date(timeIntervalSinceNow: seconds)
    condition.lock()
    defer { condition.unlock() }
    while !ended, condition.wait(until: deadline) {}
  }

  private func append(_ data: Data) {
    condition.withLock {
      bytes.append(contentsOf: data)
      for byte in data {
        guard byte == UInt8(ascii: "\n") else {
          partial.append(byte)
          continue
        }
        lines.append(String(decoding: partial, as: UTF8.self))
        partial = []
      }
      condition.broadcast()
    }
  }

  private func end() {
    condition.withLock {
      if !partial.isEmpty { lines.append(String(decoding: partial, as: UTF8.self)) }
      ended = true
      condition.broadcast()
    }
  }
}
