import CLinux
import Glibc

/// Owns a file descriptor and closes it once.
///
/// `@unchecked Sendable`: the number never changes, and only `deinit` closes it.
public final class FileDescriptor: @unchecked Sendable {
  public let number: Int32

  /// Takes over an open descriptor.
  public init(owning number: Int32) {
    precondition(number >= 0, "a descriptor is not negative")
    self.number = number
  }

  deinit { close(number) }
}

/// What a non-blocking read or write came to.
public enum TransferResult: Equatable, Sendable {
  case bytes(Int)
  case wouldBlock
  case endOfFile
  case failed(Int32)
}

extension FileDescriptor {
  /// Reads what is there into `buffer`, retrying on EINTR.
  public func read(into buffer: UnsafeMutableRawBufferPointer) -> TransferResult {
    while true {
      let count = Glibc.read(number, buffer.baseAddress, buffer.count)
      if count > 0 { return .bytes(count) }
      if count == 0 { return .endOfFile }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .wouldBlock
      default: return .failed(errno)
      }
    }
  }

  /// Writes all of `bytes`, or as much as can be, retrying on EINTR.
  ///
  /// - Parameter number: a blocking descriptor, which stays open.
  /// - Returns: whether it was all; `errno` says why not.
  public static func write(_ bytes: UnsafeRawBufferPointer, to number: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(number, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    return true
  }

  /// Sends on a socket without raising SIGPIPE, retrying on EINTR.
  public func send(_ buffer: UnsafeRawBufferPointer) -> TransferResult {
    while true {
      let count = Glibc.send(number, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
      if count >= 0 { return .bytes(count) }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .wouldBlock
      default: return .failed(errno)
      }
    }
  }
}
