import CJavaScriptCore
import Shared

/// A function of ours that scripts call.
///
/// Objects of one class of JavaScriptCore stand for such functions, each with a `HostFunction` as
/// its private data: a plain C callback would not know which realm calls it.
final class HostFunction {
  typealias Body = (_ realm: CodeRealm, _ arguments: HostArguments) throws -> JSValueRef?
  /// Of functions that need no realm: the prelude calls them while it is installed.
  typealias FreeBody = (_ arguments: HostArguments) throws -> JSValueRef?

  private static let objects = HostClass("HostFunction", callAsFunction: called)
  private let body: FreeBody

  init(_ owner: HostFunctions, _ body: @escaping Body) {
    self.body = { [unowned owner] arguments in
      guard let realm = owner.realm else { throw UsageError("the realm is not ready") }
      return try body(realm, arguments)
    }
  }

  init(free body: @escaping FreeBody) { self.body = body }

  /// A new object of JavaScript that stands for it.
  func object(in context: JSContextRef) -> JSObjectRef? {
    Self.objects.object(in: context, data: Unmanaged.passUnretained(self).toOpaque())
  }

  fileprivate func call(_ arguments: HostArguments) throws -> JSValueRef? {
    try body(arguments)
  }
}

private func called(
  _ context: JSContextRef?, _ function: JSObjectRef?, _ this: JSObjectRef?, _ count: Int,
  _ arguments: UnsafePointer<JSValueRef?>?, _ exception: UnsafeMutablePointer<JSValueRef?>?
) -> JSValueRef? {
  guard let context, let data = JSObjectGetPrivate(function) else {
    return JSValueMakeUndefined(context)
  }
  let host = Unmanaged<HostFunction>.fromOpaque(data).takeUnretainedValue()
  do {
    let arguments = HostArguments(context: context, values: arguments, count: count)
    return try host.call(arguments) ?? JSValueMakeUndefined(context)
  } catch {
    let text = JSStringRef.make("\(error)")
    defer { JSStringRelease(text) }
    var message: JSValueRef? = JSValueMakeString(context, text)
    exception?.pointee = JSObjectMakeError(context, 1, &message, nil)
    return JSValueMakeUndefined(context)
  }
}

/// Arguments of a call, lent for its duration. What is missing counts as undefined.
struct HostArguments {
  let context: JSContextRef
  fileprivate let values: UnsafePointer<JSValueRef?>?
  let count: Int

  fileprivate init(context: JSContextRef, values: UnsafePointer<JSValueRef?>?, count: Int) {
    self.context = context
    self.values = values
    self.count = count
  }

  subscript(index: Int) -> JSValueRef? { index < count ? values?[index] : nil }

  @inline(__always)
  func double(_ index: Int) -> Double {
    guard let value = self[index] else { return .nan }
    return JSValueToNumber(context, value, nil)
  }

  /// 0 for what is no number.
  @inline(__always)
  func int(_ index: Int) -> Int {
    let number = double(index)
    return number.isFinite ? Int(max(-9e15, min(9e15, number))) : 0
  }

  func bool(_ index: Int) -> Bool { self[index].map { JSValueToBoolean(context, $0) } ?? false }

  func text(_ index: Int) -> String {
    guard let value = self[index], let string = JSValueToStringCopy(context, value, nil) else {
      return ""
    }
    defer { JSStringRelease(string) }
    return string.text
  }

  func isUndefined(_ index: Int) -> Bool {
    self[index].map { JSValueIsUndefined(context, $0) } ?? true
  }

  /// The bytes of a text in UTF-8, of an ArrayBuffer or of a typed array; nil for undefined.
  func bytes(_ index: Int) -> [UInt8]? {
    guard let value = self[index], !JSValueIsUndefined(context, value) else { return nil }
    if JSValueIsObject(context, value), let object = JSValueToObject(context, value, nil) {
      let type = JSValueGetTypedArrayType(context, value, nil)
      if type == kJSTypedArrayTypeArrayBuffer {
        let count = JSObjectGetArrayBufferByteLength(context, object, nil)
        guard let start = JSObjectGetArrayBufferBytesPtr(context, object, nil) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
      }
      if type != kJSTypedArrayTypeNone {
        let count = JSObjectGetTypedArrayByteLength(context, object, nil)
        guard let start = JSObjectGetTypedArrayBytesPtr(context, object, nil) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
      }
    }
    return Array(text(index).utf8)
  }

  /// The elements of an array as texts.
  func texts(_ index: Int) -> [String] { elements(index).map { text(of: $0) } }

  func numbers(_ index: Int) -> [Double] {
    elements(index).map { JSValueToNumber(context, $0, nil) }
  }

  private func text(of value: JSValueRef?) -> String {
    guard let value, let string = JSValueToStringCopy(context, value, nil) else { return "" }
    defer { JSStringRelease(string) }
    return string.text
  }

  private func elements(_ index: Int) -> [JSValueRef?] {
    guard let value = self[index], JSValueIsArray(context, value),
      let array = JSValueToObject(context, value, nil)
    else { return [] }
    let name = JSStringRef.make("length")
    defer { JSStringRelease(name) }
    let length = JSValueToNumber(context, JSObjectGetProperty(context, array, name, nil), nil)
    guard length.isFinite, length > 0, length <= 100_000 else { return [] }
    return (0..<UInt32(length)).map { JSObjectGetPropertyAtIndex(context, array, $0, nil) }
  }
}
