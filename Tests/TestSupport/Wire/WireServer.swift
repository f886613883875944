import Foundation

/// Does to clients what a case of the conformance corpus says.
///
/// `@unchecked Sendable`: what changes after `init` is guarded by `lock`.
public final class WireServer: @unchecked Sendable {
  private let wireCase: WireCase
  private let lock = NSLock()
  private var counts = Counts()
  private var server: RawServer?

  /// What has been, on all connections together.
  public struct Counts: Sendable, Equatable {
    public var connections = 0
    public var requests = 0
    public var bytesRead = 0
    public var bytesWritten = 0

    public init() {}
  }

  /// Milliseconds of a `pause`: what is in a socket on loopback is read long before.
  private static let pauseMs: Int32 = 10

  public init(_ wireCase: WireCase) throws {
    self.wireCase = wireCase
    server = try RawServer { [weak self] stream in
      guard let self else { return }
      self.count { $0.connections += 1 }
      let connection = WireConnection(stream, self)
      if self.wireCase.isHTTP2 {
        try connection.serveHTTP2(self.wireCase)
      } else {
        try connection.serveHTTP1(self.wireCase)
      }
    }
  }

  public var port: UInt16 { server?.port ?? 0 }
  public var seen: Counts { lock.withLock { counts } }

  func count(_ change: (inout Counts) -> Void) { lock.withLock { change(&counts) } }

  /// The number of the request that has just come, from 1.
  func nextRequest() -> Int {
    lock.withLock {
      counts.requests += 1
      return counts.requests
    }
  }

  static func pause() { poll(nil, 0, pauseMs) }
}
