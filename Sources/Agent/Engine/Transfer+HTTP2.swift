import CCurl
import Shared

/// What libcurl 7.88 does not do, or does not say, of failures over HTTP/2.
extension Transfer {
  /// Whether the request is to go once more: its server has said that it did not act upon it, or
  /// nothing of it has left, or it may be repeated (RFC 9113 6.8, RFC 9110 9.2.2). libcurl does
  /// not move requests away from a connection that is going away.
  func mustRepeat(_ request: ScriptRequest, after code: CURLcode) -> Bool {
    guard failureText != nil, mayBeHTTP2(request), !isRepeated, firstByteNanos == 0,
      refusal == nil
    else { return false }
    if isUngreeted { return true }
    var (connects, size) = (0, 0)
    throng_get_long(pointer, CURLINFO_NUM_CONNECTS, &connects)
    throng_get_long(pointer, CURLINFO_REQUEST_SIZE, &size)
    switch code {
    // Said of a stream that ended with GOAWAY and without RST_STREAM.
    case CURLE_HTTP2: return size > 0
    case CURLE_SEND_ERROR where size == 0: return connects == 0
    case CURLE_SEND_ERROR, CURLE_PARTIAL_FILE:
      return connects == 0 && request.isIdempotent
    default: return false
    }
  }

  /// Why an exchange over HTTP/2 failed, where the code says too little.
  private func http2Failure(_ code: CURLcode) -> ErrorReason? {
    // libcurl ends the session itself after a violation, and has "nothing" then; the end of the
    // stream would be another code. Over TLS it may be HTTP/1 that is spoken.
    if code == CURLE_GOT_NOTHING, isClearTextHTTP2 { return .protocolError }
    guard code == CURLE_RECV_ERROR || code == CURLE_HTTP2_STREAM,
      let told = capture?.errorText ?? failureText
    else { return nil }
    let text = String(cString: told)
    if text.contains("nghttp2_session_mem_recv() returned") { return .protocolError }
    // Ended by its server, without a violation by either side.
    if text.contains("was closed cleanly, but before") { return .reset }
    guard let mark = text.firstRange(of: "(err "), text.contains("was not closed cleanly:") else {
      return nil
    }
    let number = UInt32(text[mark.upperBound...].prefix { $0.isNumber })
    return number.map(Self.isViolation) == false ? .reset : .protocolError
  }

  /// Whether a code of RST_STREAM (RFC 9113 7) speaks of a violation: ours are told alike.
  private static func isViolation(_ code: UInt32) -> Bool {
    switch code {
    case 1, 3, 4, 5, 6, 9: true
    default: false
    }
  }

  /// Whether libcurl sends again because the stream was refused, not because the connection broke:
  /// then nobody has acted upon the request (RFC 9113 8.7).
  /// Over TLS we do not know whether it is HTTP/2 that is spoken, and repeat nothing.
  var wasRefused: Bool {
    guard isClearTextHTTP2 else { return false }
    var osError = 0
    throng_get_long(pointer, CURLINFO_OS_ERRNO, &osError)
    return osError == 0
  }

  private var isClearTextHTTP2: Bool { share.clearText != nil && current?.isPlain == true }

  /// A connection is about to be made of which libcurl has not been told that it must greet.
  func lacksGreeting() -> Bool {
    isUngreeted = isClearTextHTTP2 && !greets
    return isUngreeted
  }

  /// Takes what libcurl knows of an exchange only for as long as it has not been let go.
  func noteEnd(_ code: CURLcode) {
    http2Reason = http2Failure(code)
    socket = failureText == nil ? -1 : throng_get_socket(pointer)
    LingeringHeader.find(in: pointer)
  }

  /// The request goes once more, over a connection of its own.
  func beginAgain() {
    isRepeated = true
    startResponse()
    sendings = 0
    socketError = 0
    LingeringHeader.forget(pointer)
    isFreshForced = true
    throng_set_long(pointer, CURLOPT_FRESH_CONNECT, 1)
    isUngreeted = false
    guard isClearTextHTTP2 else { return }
    greets = true
    throng_set_long(pointer, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE)
  }
}
