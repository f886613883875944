import Foundation
import Shared

/// A body that is made piece by piece while it is sent, in constant memory.
///
/// Used by one thread at a time. Letting go of it, which a cancelled download does, releases what
/// `pull` holds.
public final class BodyStream {
  /// What comes next.
  public enum Step {
    /// An empty one is passed over.
    case piece([UInt8])
    /// Nothing yet: to be asked again once woken, or at this time of the monotonic clock.
    case later(nanos: Int64)
    case end
  }

  /// Bytes that all pieces have together, where that is known before.
  public let length: UInt64?
  /// Set when the stream is live: it goes on as long as something happens.
  let waker: StreamWaker?
  /// Set for what may go on for minutes and takes no lock that others wait for: its pieces are
  /// made when nobody else wants the processor.
  let isBulk: Bool
  private var pull: (() throws -> Step)?
  private var piece: [UInt8] = []
  private var offset = 0
  /// Made when this has to wait for the first time.
  private lazy var woken: DispatchSemaphore = {
    let woken = DispatchSemaphore(value: 0)
    waker?.onWake { woken.signal() }
    return woken
  }()

  /// - Parameter pull: makes the next piece; an empty one is passed over, nil ends the body, an
  ///   error cuts it off so that the client notices.
  public init(
    length: UInt64? = nil, isBulk: Bool = false, _ pull: @escaping () throws -> [UInt8]?
  ) {
    self.length = length
    self.isBulk = isBulk
    waker = nil
    self.pull = { try pull().map { .piece($0) } ?? .end }
  }

  /// A live stream.
  ///
  /// - Parameters:
  ///   - waker: told when there is more.
  ///   - pull: makes the next step; an error cuts the body off.
  public init(live waker: StreamWaker, _ pull: @escaping () throws -> Step) {
    length = nil
    isBulk = false
    self.waker = waker
    self.pull = pull
  }

  /// The next step, never an empty piece.
  func next() throws -> Step {
    while let pull {
      switch try pull() {
      case .piece(let bytes) where bytes.isEmpty: continue
      case .piece(let bytes): return .piece(bytes)
      case .later(let nanos): return .later(nanos: nanos)
      case .end: self.pull = nil
      }
    }
    return .end
  }

  /// Fills `buffer` from its beginning. 0 at the end only; a live stream is waited for.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while offset == piece.count {
      guard let next = try nextPiece() else { return 0 }
      piece = next
      offset = 0
    }
    let count = min(buffer.count, piece.count - offset)
    piece.withUnsafeBytes { bytes in
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]))
    }
    offset += count
    return count
  }

  /// All of it, for tests and small bodies.
  public func readAll() throws -> [UInt8] {
    var all: [UInt8] = []
    if offset < piece.count { all.append(contentsOf: piece[offset...]) }
    while let next = try nextPiece() { all.append(contentsOf: next) }
    (piece, offset) = ([], 0)
    return all
  }

  /// The next piece, nil at the end. Waits.
  func nextPiece() throws -> [UInt8]? {
    while true {
      switch try next() {
      case .piece(let bytes): return bytes
      case .end: return nil
      case .later(let nanos):
        let delay = max(0, nanos - Clock.monotonicNanos())
        _ = woken.wait(timeout: .now() + .nanoseconds(Int(delay)))
      }
    }
  }
}
