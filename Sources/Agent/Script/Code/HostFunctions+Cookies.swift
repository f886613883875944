import CJavaScriptCore
import Shared

/// Cookie jars for `cookies.js`: the first argument is one that `makeJar` has made, or the slot of
/// the client whose own jar is meant.
extension HostFunctions {
  func addCookies(_ add: Adder) {
    add("makeJar") { _, arguments in JarObject.make(in: arguments.context) }
    // Jar, URL, name, value, path, domain, seconds of the date or undefined, age or 0, secure.
    add("setCookie") { realm, arguments in
      var setting = CookieSetting(
        name: RequestCookie.name(arguments.text(2)), value: RequestCookie.value(arguments.text(3)))
      setting.path = RequestCookie.name(arguments.text(4))
      setting.domain = arguments.text(5)
      if !arguments.isUndefined(6) { setting.expiresSecs = Int64(arguments.int(6)) }
      let age = arguments.int(7)
      if age != 0 { setting.maxAgeSecs = Int64(age) }
      setting.isSecure = arguments.bool(8)
      let url = try CookieURL(RequestURL(arguments.text(1)))
      Self.jar(realm, arguments, makesOne: true)?.take(
        setting, from: url, nowSecs: Clock.wallMicros() / 1_000_000)
      return nil
    }
    add("cookies") { realm, arguments in
      let url = try CookieURL(RequestURL(arguments.text(1)))
      let found =
        Self.jar(realm, arguments)?.cookies(
          for: url, nowSecs: Clock.wallMicros() / 1_000_000) ?? []
      var values = found.flatMap { cookie in
        [cookie.name, Array(cookie.scriptValue)].map { ScriptText.value($0, arguments.context) }
      }
      return JSObjectMakeArray(arguments.context, values.count, &values, nil)
    }
    add("removeCookies") { realm, arguments in
      let url = try CookieURL(RequestURL(arguments.text(1)))
      let name = arguments.isUndefined(2) ? nil : RequestCookie.name(arguments.text(2))
      Self.jar(realm, arguments)?.remove(for: url, name: name)
      return nil
    }
  }

  private static func jar(
    _ realm: CodeRealm, _ arguments: HostArguments, makesOne: Bool = false
  ) -> CookieJar? {
    JarObject.jar(arguments, 0)
      ?? realm.surroundings.cookieJar(slot: arguments.int(0), makesOne: makesOne)
  }
}
