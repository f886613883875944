import CJavaScriptCore

/// Objects of JavaScript that stand for cookie jars which a script has made, and keep them alive.
enum JarObject {
  private static let objects = HostClass("CookieJar", finalize: collected)

  /// A new object with a new jar.
  static func make(in context: JSContextRef) -> JSValueRef? {
    objects.object(in: context, data: Unmanaged.passRetained(CookieJar()).toOpaque())
  }

  /// The jar of the object that an argument is; nil when it is something else.
  static func jar(_ arguments: HostArguments, _ index: Int) -> CookieJar? {
    guard let value = arguments[index],
      let data = objects.data(of: value, in: arguments.context)
    else { return nil }
    return Unmanaged<CookieJar>.fromOpaque(data).takeUnretainedValue()
  }
}

/// On whatever thread the collector runs: to let go of a jar is safe on any.
private func collected(_ object: JSObjectRef?) {
  guard let object, let data = JSObjectGetPrivate(object) else { return }
  Unmanaged<CookieJar>.fromOpaque(data).release()
}
