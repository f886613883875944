import CMicroHTTPD
import Foundation
import Synchronization

/// A connection as libmicrohttpd knows it.
///
/// `@unchecked Sendable`: libmicrohttpd lets any thread resume a connection, and keeps it for as
/// long as it is suspended; nothing else is done with it elsewhere than on its own thread.
struct HTTPConnection: @unchecked Sendable {
  let raw: OpaquePointer

  /// Tells it from all others that are open.
  var key: UInt { UInt(bitPattern: raw) }

  /// To be called once for each time it was suspended; the connection may be gone right after.
  func resume() { MHD_resume_connection(raw) }
}

/// Lets connections wait without their thread, until the server stops: libmicrohttpd ends the
/// process when it is stopped while a connection is suspended.
///
/// Order of locks: that of a `StreamPump`, then this, then libmicrohttpd's.
final class ConnectionGate: Sendable {
  private struct State {
    var isStopping = false
    var pumps: [ObjectIdentifier: StreamPump] = [:]
  }

  private let state = Mutex(State())
  private let liveStreams = DispatchGroup()
  private let metrics: HTTPMetrics

  init(_ metrics: HTTPMetrics) { self.metrics = metrics }

  var isStopping: Bool { state.withLock { $0.isStopping } }

  /// Suspends a connection; false once the server stops. On the connection's thread.
  func suspend(_ connection: HTTPConnection) -> Bool {
    state.withLock { state in
      guard !state.isStopping else { return false }
      MHD_suspend_connection(connection.raw)
      return true
    }
  }

  func add(_ pump: StreamPump) {
    if pump.isLive {
      liveStreams.enter()
      metrics.streams(1)
    }
    state.withLock { $0.pumps[ObjectIdentifier(pump)] = pump }
  }

  func remove(_ pump: StreamPump) {
    let removed = state.withLock { $0.pumps.removeValue(forKey: ObjectIdentifier(pump)) }
    guard removed?.isLive ?? false else { return }
    metrics.streams(-1)
    liveStreams.leave()
  }

  /// Lets no connection wait any longer and ends the streams; what is being made is resumed by
  /// whoever makes it. Live streams end like complete answers, as far as their clients read.
  func stop() {
    let pumps = state.withLock { state in
      state.isStopping = true
      return Array(state.pumps.values)
    }
    for pump in pumps { pump.shutDown() }
    _ = liveStreams.wait(timeout: .now() + .milliseconds(500))
  }
}
