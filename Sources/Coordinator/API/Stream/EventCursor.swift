import Foundation
import Shared

/// How far a stream of events has come, as the `id` of an event: a client that reconnects hands
/// it back and gets what it has not seen. Clients need not understand it.
struct EventCursor: Equatable, Sendable {
  static let chunkGroups = 8
  static let limitGroups = 4
  private static let format: UInt64 = 1
  private static let bytesMax = 256

  let execution: ExecutionID
  /// The last log entry.
  var log: Int64 = 0
  /// The last interval, in the order of their changes.
  var interval = IntervalMark(updatedAtMs: 0, startMs: 0)
  /// Of the state that was shown; 0 for none.
  var state: UInt32 = 0
  var chunks = [UInt32](repeating: 0, count: chunkGroups)
  var limits = [UInt32](repeating: 0, count: limitGroups)
  /// Everything was shown, and nothing more comes.
  var isEnd = false

  init(_ execution: ExecutionID) { self.execution = execution }

  var text: String {
    var writer = VarIntWriter()
    writer.unsigned(Self.format)
    writer.signed(execution.rawValue)
    writer.unsigned(isEnd ? 1 : 0)
    writer.signed(log)
    writer.signed(interval.updatedAtMs)
    // Mostly a short time before.
    writer.signed(interval.updatedAtMs &- interval.startMs)
    for number in [state] + chunks + limits { writer.unsigned(UInt64(number)) }
    let sum = CRC32C.checksum(writer.bytes)
    let bytes = writer.bytes + (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) }
    return Data(bytes).base64EncodedString()
      .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
      .replacingOccurrences(of: "=", with: "")
  }

  /// Nil for what is no cursor.
  init?(_ text: String) {
    guard text.utf8.count <= Self.bytesMax else { return nil }
    var base64 = text.replacingOccurrences(of: "-", with: "+")
      .replacingOccurrences(of: "_", with: "/")
    base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
    guard let data = Data(base64Encoded: base64), data.count > 4 else { return nil }
    let bytes = Array(data.dropLast(4))
    let sum = (0..<4).reduce(UInt32(0)) { $0 | UInt32(data[bytes.count + $1]) << UInt32(8 * $1) }
    guard CRC32C.checksum(bytes) == sum else { return nil }
    do throws(VarIntError) { try self.init(bytes) } catch { return nil }
  }

  private init(_ bytes: [UInt8]) throws(VarIntError) {
    var reader = VarIntReader(bytes)
    guard try reader.unsigned() == Self.format else { throw VarIntError("unknown format") }
    execution = ExecutionID(try reader.signed())
    isEnd = try reader.unsigned() & 1 == 1
    log = try reader.signed()
    interval.updatedAtMs = try reader.signed()
    interval.startMs = interval.updatedAtMs &- (try reader.signed())
    state = UInt32(truncatingIfNeeded: try reader.unsigned())
    for index in chunks.indices {
      chunks[index] = UInt32(truncatingIfNeeded: try reader.unsigned())
    }
    for index in limits.indices {
      limits[index] = UInt32(truncatingIfNeeded: try reader.unsigned())
    }
  }
}
