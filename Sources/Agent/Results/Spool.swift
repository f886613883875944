import Shared

/// The batches of one run from their making to their acknowledgement. Pure: holds encoded
/// lines, and says which may be sent.
///
/// It is the seam for a spool that outlives the process: this one lives in memory.
struct Spool {
  private struct Entry {
    var line: [UInt8]
  }

  /// Batches not yet acknowledged, the first being number `firstSeq`.
  private var entries: [Entry] = []
  private(set) var firstSeq = 1
  private var nextToSend = 1
  private let windowBatches: Int
  private(set) var bytes = 0
  private var bytesInFlight = 0

  private(set) var rows: Int64 = 0
  private(set) var iterations: Int64 = 0
  private(set) var digest: UInt32 = 0
  private let lease: LeaseKey

  init(lease: LeaseKey, windowBatches: Int) {
    self.lease = lease
    self.windowBatches = windowBatches
  }

  /// Number that the next batch gets.
  var nextSeq: Int { firstSeq + entries.count }
  var lastSeq: Int { nextSeq - 1 }
  var isEmpty: Bool { entries.isEmpty }
  /// Whether nothing waits for its first sending, or for being sent again.
  var isSent: Bool { nextToSend == nextSeq }
  /// The next number that the coordinator has not acknowledged.
  var resumeSeq: Int { firstSeq }

  /// Takes a batch in under the next number.
  mutating func append(_ batch: ResultBatch) {
    var line: [UInt8] = []
    let key = BatchKey(chunk: lease.chunk, epoch: lease.epoch, seq: nextSeq)
    let crc = ResultBatchCodec.encode(batch, key: key, into: &line)
    digest = CRC32C.extend(digest, with: crc)
    rows += Int64(batch.requests.count)
    iterations += Int64(batch.iterations.count)
    bytes += line.count
    entries.append(Entry(line: line))
  }

  /// The next line that the window allows to be sent, or nil.
  mutating func nextLine() -> [UInt8]? {
    let index = nextToSend - firstSeq
    guard index < entries.count, index < windowBatches else { return nil }
    let line = entries[index].line
    guard bytesInFlight == 0 || bytesInFlight + line.count <= Limits.windowBytes else { return nil }
    bytesInFlight += line.count
    nextToSend += 1
    return line
  }

  /// Everything up to and including `upTo` is committed.
  mutating func acknowledged(upTo: Int) {
    let count = min(upTo.minus(firstSeq).plus(1), entries.count)
    guard count > 0 else { return }
    for (offset, entry) in entries[..<count].enumerated() {
      bytes -= entry.line.count
      if firstSeq + offset < nextToSend { bytesInFlight -= entry.line.count }
    }
    entries.removeFirst(count)
    firstSeq += count
    nextToSend = max(nextToSend, firstSeq)
  }

  /// The link was renewed, or the coordinator misses a batch: everything from `seq` on is sent
  /// (again).
  mutating func rewind(to seq: Int) {
    acknowledged(upTo: seq.minus(1))
    nextToSend = firstSeq
    bytesInFlight = 0
  }
}
