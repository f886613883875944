/// Whom a connection leads to, as `Code` scripts see it: read once for each connection.
final class Peer {
  /// By which scripts know it; unlike that of any other of its engine thread, from 1.
  let number: Int32
  let address: String
  let port: Int32
  /// Of our own end; with the other's address it tells connections apart.
  let localPort: Int32
  /// Nil without TLS.
  let security: TLSSecurity?

  init(
    number: Int32, address: String, port: Int32, localPort: Int32, security: TLSSecurity?
  ) {
    self.number = number
    self.address = address
    self.port = port
    self.localPort = localPort
    self.security = security
  }
}
