import Glibc
import Shared
import Synchronization

/// Sees to it that clients which open connections and say little keep nobody else out: of those
/// that wait for a request, or for the rest of one, an address may have so many; the one that has
/// waited longest makes room for the next. Event streams and long answers are counted apart: an
/// address that has too many of them gets no more.
final class ConnectionBook: Sendable {
  /// What may take as long as its client likes.
  enum Lasting { case stream, download }

  private struct Waiting {
    var connection: UInt
    var socket: Int32
  }

  private struct State {
    var addresses: [UInt: String] = [:]
    /// In the order in which they began to wait, by address.
    var waiting: [String: [Waiting]] = [:]
    var waitingCount = 0
    var lasting: [Lasting: [String: Int]] = [:]
  }

  private let state = Mutex(State())
  private let waitingPerAddressMax: Int
  private let waitingMax: Int
  private let lastingPerAddressMax: [Lasting: Int]

  init(
    waitingPerAddressMax: Int = Limits.waitingConnectionsPerAddressMax,
    waitingMax: Int = Limits.waitingConnectionsMax,
    streamsPerAddressMax: Int = Limits.streamsPerAddressMax,
    downloadsPerAddressMax: Int = Limits.downloadsPerAddressMax
  ) {
    self.waitingPerAddressMax = waitingPerAddressMax
    self.waitingMax = waitingMax
    lastingPerAddressMax = [.stream: streamsPerAddressMax, .download: downloadsPerAddressMax]
  }

  /// A connection is there, or its request is over: it waits for the next one.
  func waits(_ connection: UInt, socket: Int32) {
    state.withLock { state in
      let address = state.addresses[connection] ?? Self.peer(of: socket)
      state.addresses[connection] = address
      guard !(state.waiting[address] ?? []).contains(where: { $0.connection == connection })
      else { return }
      state.waiting[address, default: []].append(Waiting(connection: connection, socket: socket))
      state.waitingCount += 1
      makeRoom(&state, for: address)
    }
  }

  /// All of its request has come.
  func works(_ connection: UInt) {
    state.withLock { Self.leave(connection, &$0) }
  }

  func closed(_ connection: UInt) {
    state.withLock { state in
      Self.leave(connection, &state)
      state.addresses[connection] = nil
    }
  }

  /// Counts one more of a kind for the address of the connection.
  ///
  /// - Returns: why that is not to be, or nil.
  func begin(_ kind: Lasting, _ connection: UInt) -> Problem? {
    let most = lastingPerAddressMax[kind] ?? 0
    let isCounted = state.withLock { state in
      let address = state.addresses[connection] ?? ""
      guard state.lasting[kind]?[address] ?? 0 < most else { return false }
      state.lasting[kind, default: [:]][address, default: 0] += 1
      return true
    }
    guard !isCounted else { return nil }
    let what = kind == .stream ? "event streams" : "long answers under way"
    return Problem(.tooManyRequests, "an address may have \(most) \(what) at once")
  }

  func end(_ kind: Lasting, _ connection: UInt) {
    state.withLock { state in
      let address = state.addresses[connection] ?? ""
      let count = (state.lasting[kind]?[address] ?? 1) - 1
      state.lasting[kind]?[address] = count > 0 ? count : nil
    }
  }

  private func makeRoom(_ state: inout State, for address: String) {
    let isFull = state.waiting[address, default: []].count > waitingPerAddressMax
    guard isFull || state.waitingCount > waitingMax else { return }
    let fullest =
      isFull ? address : state.waiting.max { $0.value.count < $1.value.count }?.key ?? address
    guard let oldest = state.waiting[fullest]?.first else { return }
    Self.leave(oldest.connection, &state)
    // The socket is open as long as `closed` has not been called, which waits for this lock. Its
    // own thread sees the end and closes it.
    shutdown(oldest.socket, Int32(SHUT_RDWR))
  }

  private static func leave(_ connection: UInt, _ state: inout State) {
    guard let address = state.addresses[connection],
      let index = state.waiting[address]?.firstIndex(where: { $0.connection == connection })
    else { return }
    state.waiting[address]?.remove(at: index)
    state.waitingCount -= 1
    if state.waiting[address]?.isEmpty ?? false { state.waiting[address] = nil }
  }

  /// The address at the other end, without its port.
  private static func peer(of socket: Int32) -> String {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let code = withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        getpeername(socket, address, &length) == 0
          ? getnameinfo(
            address, length, &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST) : -1
      }
    }
    guard code == 0 else { return "" }
    return String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
