import CJavaScriptCore

/// A class of JavaScriptCore whose objects stand for something of ours, their private data.
///
/// `@unchecked Sendable`: made once, never changed; JavaScriptCore's classes may be used on any
/// thread.
final class HostClass: @unchecked Sendable {
  private let reference: JSClassRef?

  init(
    _ name: String, callAsFunction: JSObjectCallAsFunctionCallback? = nil,
    finalize: JSObjectFinalizeCallback? = nil
  ) {
    var definition = JSClassDefinition()
    definition.attributes = JSClassAttributes(kJSClassAttributeNoAutomaticPrototype)
    definition.callAsFunction = callAsFunction
    definition.finalize = finalize
    reference = name.withCString { name in
      definition.className = name
      return JSClassCreate(&definition)
    }
  }

  /// A new object that stands for `data`.
  func object(in context: JSContextRef, data: UnsafeMutableRawPointer) -> JSObjectRef? {
    JSObjectMake(context, reference, data)
  }

  /// What a value stands for; nil for one that is no object of this class.
  func data(of value: JSValueRef, in context: JSContextRef) -> UnsafeMutableRawPointer? {
    guard JSValueIsObjectOfClass(context, value, reference),
      let object = JSValueToObject(context, value, nil)
    else { return nil }
    return JSObjectGetPrivate(object)
  }
}
