import Shared

/// A request of a client on its way, with the redirects that it leads to. Kept and used again
/// for the client's later requests. Confined to its engine thread.
final class Exchange {
  unowned let user: VirtualUser
  /// Made when first needed.
  var transfer: Transfer?
  /// The request of the script that is under way, and the hop of it; nil while idle.
  var request: ScriptRequest?
  var hop: ScriptRequest?
  /// Which operation of a `Code` script waits for it.
  var operation: Int32 = 0
  var redirects = 0
  /// The `Cookie` header that the jar and the request's own cookies made for the first hop.
  var cookies: [UInt8] = []
  /// Whether the hop waits for another client's lookup of its host.
  var awaitsLookup = false
  /// Held up before a hop: the lease must be renewed first.
  var isParked = false
  /// Voids what was set to go on for an earlier hop.
  var ticket: UInt32 = 0
  /// Start of the script's request, over all its hops.
  var requestStartNanos: Int64 = 0
  /// Start of the hop under way.
  var hopStartNanos: Int64 = 0
  var connection: UInt32 = 0

  init(user: VirtualUser) { self.user = user }

  /// The request is over, or given up.
  func finish() {
    ticket &+= 1
    if request != nil { user.becameIdle(self) }
    request = nil
    hop = nil
    isParked = false
    awaitsLookup = false
  }
}
