import CJavaScriptCore

/// A value of a realm, for code that is not on a hot path. Kept from garbage collection while it
/// lives.
public final class JavaScriptValue {
  public let context: JavaScriptContext
  /// For the C interface.
  public let reference: JSValueRef

  public init(_ reference: JSValueRef, _ context: JavaScriptContext) {
    self.reference = reference
    self.context = context
    JSValueProtect(context.reference, reference)
  }

  deinit { JSValueUnprotect(context.reference, reference) }

  public var isUndefined: Bool { JSValueIsUndefined(context.reference, reference) }
  public var isNull: Bool { JSValueIsNull(context.reference, reference) }
  public var isObject: Bool { JSValueIsObject(context.reference, reference) }
  public var isString: Bool { JSValueIsString(context.reference, reference) }
  public var isTrue: Bool { JSValueToBoolean(context.reference, reference) }

  public var isFunction: Bool {
    object.map { JSObjectIsFunction(context.reference, $0) } ?? false
  }

  /// NaN when it is no number and cannot be made one.
  public var number: Double {
    var exception: JSValueRef?
    return JSValueToNumber(context.reference, reference, &exception)
  }

  /// As `String(value)` writes it; empty when it cannot be written.
  public var text: String {
    var exception: JSValueRef?
    guard let string = JSValueToStringCopy(context.reference, reference, &exception) else {
      return ""
    }
    defer { JSStringRelease(string) }
    return string.text
  }

  /// As JSON, or nil when there is none of it (functions, undefined, circles).
  public var json: String? {
    var exception: JSValueRef?
    guard let string = JSValueCreateJSONString(context.reference, reference, 0, &exception) else {
      return nil
    }
    defer { JSStringRelease(string) }
    return string.text
  }

  /// The object that it is, for the C interface.
  public var object: JSObjectRef? {
    isObject ? JSValueToObject(context.reference, reference, nil) : nil
  }

  /// A property; undefined when there is none or its getter throws.
  public subscript(name: String) -> JavaScriptValue {
    get {
      guard let object else { return context.undefined }
      let key = JSStringRef.make(name)
      defer { JSStringRelease(key) }
      var exception: JSValueRef?
      let value = JSObjectGetProperty(context.reference, object, key, &exception)
      guard let value, exception == nil else { return context.undefined }
      return JavaScriptValue(value, context)
    }
    set {
      guard let object else { return }
      let key = JSStringRef.make(name)
      defer { JSStringRelease(key) }
      var exception: JSValueRef?
      JSObjectSetProperty(
        context.reference, object, key, newValue.reference,
        JSPropertyAttributes(kJSPropertyAttributeNone), &exception)
    }
  }

  /// Calls it as a function.
  @discardableResult
  public func call(
    _ arguments: [JavaScriptValue] = [], this: JavaScriptValue? = nil
  ) throws(JavaScriptError) -> JavaScriptValue {
    guard let object, isFunction else {
      throw JavaScriptError(name: "TypeError", message: "\(text) is not a function")
    }
    context.engine.beginTurn(now: Clock.monotonicNanos())
    defer { context.engine.endTurn() }
    let references: [JSValueRef?] = arguments.map(\.reference)
    var exception: JSValueRef?
    let value = JSObjectCallAsFunction(
      context.reference, object, this?.object, references.count, references, &exception)
    return try context.result(value, exception)
  }
}
