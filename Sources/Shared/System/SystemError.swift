import CLinux
import Glibc

/// A system call that failed: which one, and why.
public struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The call and what it was for, e.g. `bind 127.0.0.1:8080`.
  public var operation: String
  public var code: Int32

  public init(_ operation: String, code: Int32 = errno) {
    self.operation = operation
    self.code = code
  }

  public var description: String { "\(operation): \(String(cString: strerror(code)))" }
}
