import Shared

/// Which batches have been counted: for every granted lease, how far its sequence is committed.
///
/// Pure: it neither stores nor sends. The ingester persists what it says, in the transaction that
/// stores the batch.
public struct BatchLedger: Sendable, Equatable {
  /// How far one lease is committed.
  public struct Cursor: Sendable, Equatable {
    /// The sequence number that is waited for, from 1.
    public var nextSeq = 1
    /// Request rows and iteration rows of all committed batches.
    public var rows: Int64 = 0
    public var iterations: Int64 = 0
    /// CRC-32C over the batches' CRC-32Cs in order, each as four little-endian bytes.
    public var digest: UInt32 = 0
    /// CRCs of the latest committed batches, the latest last: at most a window of them, because
    /// an agent never repeats what is older.
    public var recent: [UInt32] = []
    /// Whether nothing more is taken under this lease.
    public var isSealed = false

    public init() {}

    /// CRC of a committed batch, nil when that is too long ago.
    fileprivate func crc(of seq: Int) -> UInt32? {
      let index = recent.count - (nextSeq - seq)
      return recent.indices.contains(index) ? recent[index] : nil
    }
  }

  /// What is to be done with a batch.
  public enum Verdict: Sendable, Equatable {
    /// It is next: store it. The cursor has moved on already.
    case commit
    /// It is stored: acknowledge again, up to here.
    case duplicate(ackUpTo: Int)
    /// Something is missing before it.
    case gap(expected: Int)
    /// Another batch is stored under its number.
    case conflict
    /// The lease was never granted, or is sealed.
    case unknownLease
  }

  private var cursors: [LeaseKey: Cursor] = [:]

  public init() {}

  /// How far a lease is committed; nil when it is not known here.
  public subscript(key: LeaseKey) -> Cursor? { cursors[key] }

  /// From now on batches under this lease are taken. Granting twice changes nothing.
  public mutating func leaseGranted(_ key: LeaseKey, at cursor: Cursor = Cursor()) {
    if cursors[key] == nil { cursors[key] = cursor }
  }

  /// Nothing more is taken under this lease; repetitions are still acknowledged.
  public mutating func leaseSealed(_ key: LeaseKey) { cursors[key]?.isSealed = true }

  public mutating func leaseForgotten(_ key: LeaseKey) { cursors[key] = nil }

  /// Takes over a cursor that was moved on elsewhere, unless the lease has been forgotten since.
  /// A seal that was set in between stays.
  public mutating func committed(_ key: LeaseKey, _ cursor: Cursor) {
    guard let known = cursors[key] else { return }
    var moved = cursor
    moved.isSealed = moved.isSealed || known.isSealed
    cursors[key] = moved
  }

  /// Judges a batch and, when it is the next one, moves the cursor on.
  public mutating func batchArrived(
    _ key: BatchKey, crc: UInt32, rows: Int, iterations: Int
  ) -> Verdict {
    let lease = LeaseKey(chunk: key.chunk, epoch: key.epoch)
    guard var cursor = cursors[lease] else { return .unknownLease }
    if key.seq < 1 || key.seq > cursor.nextSeq {
      return cursor.isSealed ? .unknownLease : .gap(expected: cursor.nextSeq)
    }
    if key.seq < cursor.nextSeq {
      if let stored = cursor.crc(of: key.seq), stored != crc { return .conflict }
      return .duplicate(ackUpTo: cursor.nextSeq - 1)
    }
    if cursor.isSealed { return .unknownLease }
    // The dictionary must not hold a second reference while `recent` changes.
    cursors[lease] = nil
    cursor.nextSeq += 1
    cursor.rows += Int64(rows)
    cursor.iterations += Int64(iterations)
    cursor.digest = CRC32C.extend(cursor.digest, with: crc)
    if cursor.recent.count >= Limits.windowBatches { cursor.recent.removeFirst() }
    cursor.recent.append(crc)
    cursors[lease] = cursor
    return .commit
  }
}
