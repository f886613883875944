import CCurl
import Shared

/// Bytes that exchanges have on the wire, within TLS if there is any.
extension EngineThread {
  /// - Parameter head: what libcurl counts as the request.
  static func bytes(
    _ transfer: Transfer, _ hop: ScriptRequest, head: Int
  ) -> (sent: Int64, received: Int64) {
    let handle = transfer.pointer
    var version = 0
    if transfer.mayBeHTTP2(hop) { throng_get_long(handle, CURLINFO_HTTP_VERSION, &version) }
    if version == CURL_HTTP_VERSION_2_0,
      let counted = transfer.engine.sockets.take(
        transfer.socket, fresh: transfer.meter, isPlain: hop.isPlain)
    {
      return counted
    }
    var (heads, upload) = (0, curl_off_t(0))
    throng_get_long(handle, CURLINFO_HEADER_SIZE, &heads)
    // A body that left together with the head is part of the request for libcurl.
    if transfer.sendsBodyApart {
      throng_get_offset(handle, CURLINFO_SIZE_UPLOAD_T, &upload)
    }
    // The line at which the exchange was ended is not among libcurl's.
    heads = max(heads, transfer.responseHead.bytes)
    return (Int64(head) + Int64(upload), Int64(heads) + transfer.bodyBytesReceived)
  }
}
