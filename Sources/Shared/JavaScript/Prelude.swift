/// The JavaScript that every realm of scripts begins with: what scripts see of Throng, of k6, and
/// of the web's standards that the language itself lacks.
public enum Prelude {
  /// In the order in which they are run: later files use what earlier ones define.
  private static let files: [(name: String, bytes: [UInt8])] = [
    ("guards.js", PackageResources.guards_js),
    ("async-helpers.js", PackageResources.async_helpers_js),
    ("realm.js", PackageResources.realm_js),
    ("timers.js", PackageResources.timers_js),
    ("json-path.js", PackageResources.json_path_js),
    ("http-response.js", PackageResources.http_response_js),
    ("http.js", PackageResources.http_js),
    ("http-parts.js", PackageResources.http_parts_js),
    ("cookies.js", PackageResources.cookies_js),
    ("k6.js", PackageResources.k6_js),
    ("throng.js", PackageResources.throng_js),
    ("suites.js", PackageResources.suites_js),
    ("submetrics.js", PackageResources.submetrics_js),
    ("builtins.js", PackageResources.builtins_js),
  ]

  /// Runs the prelude in a fresh realm.
  ///
  /// - Parameter host: the functions that the realm's surroundings offer; `realm.js` and its
  ///   neighbours name them.
  /// - Returns: the realm's state: `begun`, `completed`, `initialise` and the like.
  public static func install(
    in context: JavaScriptContext, host: JavaScriptValue
  ) throws(JavaScriptError) -> JavaScriptValue {
    let registry = try context.evaluate(
      text(PackageResources.registry_js), file: "throng:registry.js")
    let realm = registry["realm"]
    for file in library + files {
      let function = try context.evaluate(text(file.bytes), file: "throng:\(file.name)")
      try function.call([registry["define"], registry["globals"], host, realm])
    }
    return realm
  }

  static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
