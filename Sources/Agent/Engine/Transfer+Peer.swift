import CCurl
import Glibc

extension Transfer {
  /// The request is about to go out over a connection; what it is is read once for each.
  func meets(_ address: UnsafePointer<CChar>, port: Int32, localPort: Int32) {
    meetsPeer = true
    if let peer, peer.localPort == localPort, peer.port == port,
      peer.address.withCString({ strcmp($0, address) }) == 0
    {
      return
    }
    var security: TLSSecurity?
    if current?.isPlain == false, let tls = throng_get_tls(pointer) {
      security = TLSSecurity(OpaquePointer(tls))
    }
    engine.peersMet &+= 1
    peer = Peer(
      number: engine.peersMet, address: String(cString: address), port: port,
      localPort: localPort, security: security)
  }
}
