import CJavaScriptCore
import Glibc
import Shared

/// Bytes as values of JavaScript, on the way of every response.
enum ScriptText {
  /// A text; bytes that are no UTF-8 become U+FFFD.
  static func value(_ bytes: borrowing [UInt8], _ context: JSContextRef) -> JSValueRef? {
    let string = bytes.withUnsafeBufferPointer { make($0) }
    defer { JSStringRelease(string) }
    return JSValueMakeString(context, string)
  }

  static func value(_ text: String, _ context: JSContextRef) -> JSValueRef? {
    let string = JSStringRef.make(text)
    defer { JSStringRelease(string) }
    return JSValueMakeString(context, string)
  }

  /// An `ArrayBuffer` with a copy of the bytes.
  static func buffer(_ bytes: borrowing [UInt8], _ context: JSContextRef) -> JSValueRef? {
    let count = bytes.count
    let array = JSObjectMakeTypedArray(context, kJSTypedArrayTypeUint8Array, count, nil)
    guard let array, let buffer = JSObjectGetTypedArrayBuffer(context, array, nil) else {
      return JSValueMakeNull(context)
    }
    if count > 0, let start = JSObjectGetArrayBufferBytesPtr(context, buffer, nil) {
      bytes.withUnsafeBytes { source in
        if let first = source.baseAddress { memcpy(start, first, count) }
      }
    }
    return buffer
  }

  private static func make(_ bytes: UnsafeBufferPointer<UInt8>) -> JSStringRef {
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return JSStringRef.make("") }
    // JavaScriptCore's own way is the fast one, but it wants no null inside and one at the end,
    // and takes nothing but valid UTF-8.
    if memchr(start, 0, bytes.count) == nil {
      let string = withUnsafeTemporaryAllocation(byteCount: bytes.count + 1, alignment: 1) { copy in
        copy.copyMemory(from: UnsafeRawBufferPointer(bytes))
        copy[bytes.count] = 0
        return JSStringCreateWithUTF8CString(copy.assumingMemoryBound(to: CChar.self).baseAddress)
      }
      if let string {
        if JSStringGetLength(string) > 0 { return string }
        JSStringRelease(string)
      }
    }
    let units = Array(String(decoding: bytes, as: UTF8.self).utf16)
    return JSStringCreateWithCharacters(units, units.count)
  }
}
