import CJavaScriptCore

/// Objects of JavaScript that stand for cookie jars which a script has made, and keep them alive.
///
/// `@unchecked Sendable`: made once, never changed; JavaScriptCore's classes may be used on any
/// thread.
final class JarObject: @unchecked Sendable {
  private static let shared = JarObject()
  private let reference: JSClassRef?

  private init() {
    var definition = JSClassDefinition()
    definition.attributes = JSClassAttributes(kJSClassAttributeNoAutomaticPrototype)
    definition.finalize = collected
    reference = "CookieJar".withCString { name in
      definition.className = name
      return JSClassCreate(&definition)
    }
  }

  /// A new object with a new jar.
  static func make(in context: JSContextRef) -> JSValueRef? {
    JSObjectMake(context, shared.reference, Unmanaged.passRetained(CookieJar()).toOpaque())
  }

  /// The jar of the object that an argument is; nil when it is something else.
  static func jar(_ arguments: HostArguments, _ index: Int) -> CookieJar? {
    guard let value = arguments[index],
      JSValueIsObjectOfClass(arguments.context, value, shared.reference),
      let object = JSValueToObject(arguments.context, value, nil),
      let data = JSObjectGetPrivate(object)
    else { return nil }
    return Unmanaged<CookieJar>.fromOpaque(data).takeUnretainedValue()
  }
}

/// On whatever thread the collector runs: to let go of a jar is safe on any.
private func collected(_ object: JSObjectRef?) {
  guard let object, let data = JSObjectGetPrivate(object) else { return }
  Unmanaged<CookieJar>.fromOpaque(data).release()
}
