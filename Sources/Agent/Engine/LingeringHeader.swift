import CCurl
import Synchronization

/// Keeps libcurl before 8.1 from adding to a header that it has freed: when a response on a used
/// handle begins with a folded line, it takes that for a continuation of the last line of the
/// response before (curl 8.1.0: "headers: clear (possibly) lingering pointer in init"). Any
/// server could end the agent with it, and no option keeps a handle from it.
///
/// So the place in the handle is looked for, once per process, where a handle that has just ended
/// an exchange keeps the address that `curl_easy_nextheader` tells; there it is cleared before
/// each exchange, as 8.1 does. A place that is not clear is left alone.
enum LingeringHeader {
  /// An index of words; 0 until it is known, below 0 when it needs no clearing.
  private static let place = Atomic<Int>(isFixed ? -1 : 0)

  private static let isFixed: Bool = {
    guard let info = curl_version_info(CURLVERSION_FIRST) else { return true }
    return info.pointee.version_num >= 0x08_01_00
  }()

  /// An exchange has ended on this handle.
  static func find(in handle: UnsafeMutableRawPointer) {
    guard place.load(ordering: .relaxed) == 0 else { return }
    let found = throng_find_last_header(handle)
    if found > 0 { place.store(found, ordering: .relaxed) }
  }

  /// An exchange begins on this handle.
  static func forget(_ handle: UnsafeMutableRawPointer) {
    let place = place.load(ordering: .relaxed)
    if place > 0 { throng_forget_last_header(handle, place) }
  }
}
