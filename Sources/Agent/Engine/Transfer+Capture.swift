import CCurl
import Shared

/// Capturing what goes over the wire for one exchange. Without a capture nothing of this is set:
/// other exchanges do not pay for it.
extension Transfer {
  /// Has the next exchange captured.
  func beginCapture(_ capture: TraceCapture) {
    self.capture = capture
    let me = Unmanaged.passUnretained(self).toOpaque()
    throng_set_debug(pointer, told, me)
    throng_set_pointer(pointer, CURLOPT_ERRORBUFFER, capture.errorText)
    throng_set_long(pointer, CURLOPT_VERBOSE, 1)
  }

  /// The exchange has ended, or was not begun.
  func endCapture() {
    guard capture != nil else { return }
    throng_set_long(pointer, CURLOPT_VERBOSE, 0)
    throng_set_pointer(pointer, CURLOPT_ERRORBUFFER, failureText)
    capture = nil
  }

  /// Address and port of the peer; empty when there is none.
  var peerAddress: String {
    var address: UnsafeMutablePointer<CChar>?
    var port = 0
    throng_get_string(pointer, CURLINFO_PRIMARY_IP, &address)
    throng_get_long(pointer, CURLINFO_PRIMARY_PORT, &port)
    guard let address, address.pointee != 0 else { return "" }
    let text = String(cString: address)
    return text.contains(":") ? "[\(text)]:\(port)" : "\(text):\(port)"
  }
}

/// Messages of HTTP as libcurl tells them. What it tells of TLS and in its own words is left out:
/// its times and its last words are known otherwise; bodies come decoded, from `take`: of what
/// is compressed nobody could read anything, and no secret could be found in it.
private func told(
  _ easy: UnsafeMutableRawPointer?, _ kind: curl_infotype, _ bytes: UnsafeMutablePointer<CChar>?,
  _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int32 {
  guard let context,
    let capture = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().capture
  else { return 0 }
  let buffer = UnsafeRawBufferPointer(start: bytes, count: count)
  switch kind {
  case CURLINFO_HEADER_OUT: capture.sent(head: buffer, at: Clock.monotonicNanos())
  case CURLINFO_DATA_OUT: capture.sent(body: buffer, at: Clock.monotonicNanos())
  case CURLINFO_HEADER_IN: capture.received(headLine: buffer, at: Clock.monotonicNanos())
  default: break
  }
  return 0
}
