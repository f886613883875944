import CCurl
import Glibc
import Shared

// What libcurl calls while an exchange is under way; the context is the `Transfer`, which outlives
// its handle, but for `closeSocket`.

func receiveBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let context else { return 0 }
  let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  let buffer = UnsafeRawBufferPointer(start: bytes, count: size * count)
  // A number other than all of it makes libcurl end the transfer as CURLE_WRITE_ERROR.
  return transfer.received(buffer) ? size * count : 0
}

/// A line of status, headers or trailers. Without a callback libcurl would hand it to the body's.
func receiveLine(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let context else { return 0 }
  let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
  // A number other than all of it makes libcurl end the transfer.
  guard let found = transfer.receivedLine(line) else { return 0 }
  if found != .trailer { transfer.keep(line, isStatus: found == .status) }
  return size * count
}

/// Makes the socket of a connection, so that the engine knows whose descriptor it is, and why
/// there is none when the machine has run out.
func openSocket(
  _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype,
  _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
  guard let context, let address else { return CURL_SOCKET_BAD }
  let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  // libcurl found no connection to greet no more, and would speak HTTP/1 over this one.
  guard !transfer.lacksGreeting() else { return CURL_SOCKET_BAD }
  let type = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
  let fd = socket(address.pointee.family, type, address.pointee.protocol)
  guard fd >= 0 else {
    transfer.socketError = errno
    return CURL_SOCKET_BAD
  }
  let isPlain = transfer.current?.isPlain == true && transfer.share.clearText == nil
  let key = transfer.engine.sockets.opened(fd, isPlain: isPlain)
  if let request = transfer.current, request.isPlain {
    let engine = transfer.engine
    transfer.share.clearText?.opened(key, for: request.origin) { engine.sockets.isOpen($0) }
  }
  // A socket is made once the name is known.
  if let request = transfer.current { transfer.engine.lookupEnded(request, resolved: true) }
  return fd
}

/// Closes a socket after its entry in the table is cleared: the number may be used again.
func closeSocket(_ context: UnsafeMutableRawPointer?, _ fd: curl_socket_t) -> Int32 {
  if let context {
    Unmanaged<EngineThread>.fromOpaque(context).takeUnretainedValue().sockets.closed(fd)
  }
  return close(fd)
}

func beforeRequest(
  _ context: UnsafeMutableRawPointer?, _ peer: UnsafeMutablePointer<CChar>?,
  _ local: UnsafeMutablePointer<CChar>?, _ peerPort: Int32, _ localPort: Int32
) -> Int32 {
  guard let context else { return CURL_PREREQFUNC_ABORT }
  let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  if let peer, transfer.current?.isOfCode == true {
    transfer.meets(peer, port: peerPort, localPort: localPort)
  }
  return transfer.maySend() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

/// libcurl has made the `SSL_CTX` of a new connection, whose handshake begins.
func beginHandshake(
  _ easy: UnsafeMutableRawPointer?, _ tls: UnsafeMutableRawPointer?,
  _ context: UnsafeMutableRawPointer?
) -> CURLcode {
  guard let tls, let context else { return CURLE_ABORTED_BY_CALLBACK }
  Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().handshakeBegins(
    OpaquePointer(tls))
  return CURLE_OK
}
