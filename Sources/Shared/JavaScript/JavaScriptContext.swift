import CJavaScriptCore

/// A realm: a global object with everything of the language, and nothing of the world.
///
/// Confined to the thread of its engine.
public final class JavaScriptContext {
  public let engine: JavaScriptEngine
  /// For the C interface.
  public let reference: JSGlobalContextRef
  private var hasRejectionCallback = false

  public init(engine: JavaScriptEngine) {
    self.engine = engine
    reference = JSGlobalContextCreateInGroup(engine.group, nil)
  }

  deinit {
    // The library keeps the callback as a root of its own: one of this realm would keep the whole
    // realm for as long as the engine lives.
    if hasRejectionCallback { engine.takeRejectionCallback(of: reference) }
    JSGlobalContextRelease(reference)
  }

  public var global: JavaScriptValue { JavaScriptValue(JSContextGetGlobalObject(reference), self) }
  public var undefined: JavaScriptValue { JavaScriptValue(JSValueMakeUndefined(reference), self) }

  /// Runs a whole script and returns the value of its last expression.
  ///
  /// - Parameters:
  ///   - file: what errors call it.
  ///   - line: number of its first line.
  @discardableResult
  public func evaluate(
    _ source: String, file: String, line: Int = 1
  ) throws(JavaScriptError) -> JavaScriptValue {
    let script = JSStringRef.make(source)
    let name = JSStringRef.make(file)
    defer {
      JSStringRelease(script)
      JSStringRelease(name)
    }
    engine.beginTurn(now: Clock.monotonicNanos())
    defer { engine.endTurn() }
    var exception: JSValueRef?
    let value = JSEvaluateScript(reference, script, nil, name, Int32(line), &exception)
    return try result(value, exception)
  }

  /// Whether a script would parse.
  public func checkSyntax(
    _ source: String, file: String, line: Int = 1
  ) throws(JavaScriptError) {
    let script = JSStringRef.make(source)
    let name = JSStringRef.make(file)
    defer {
      JSStringRelease(script)
      JSStringRelease(name)
    }
    var exception: JSValueRef?
    guard !JSCheckScriptSyntax(reference, script, name, Int32(line), &exception) else { return }
    throw error(of: exception)
  }

  public func string(_ text: String) -> JavaScriptValue {
    let string = JSStringRef.make(text)
    defer { JSStringRelease(string) }
    return JavaScriptValue(JSValueMakeString(reference, string), self)
  }

  public func number(_ number: Double) -> JavaScriptValue {
    JavaScriptValue(JSValueMakeNumber(reference, number), self)
  }

  public func bool(_ flag: Bool) -> JavaScriptValue {
    JavaScriptValue(JSValueMakeBoolean(reference, flag), self)
  }

  /// The value of a JSON text, or nil when it is none.
  public func json(_ text: String) -> JavaScriptValue? {
    let string = JSStringRef.make(text)
    defer { JSStringRelease(string) }
    return JSValueMakeFromJSONString(reference, string).map { JavaScriptValue($0, self) }
  }

  public func object() -> JavaScriptValue {
    JavaScriptValue(JSObjectMake(reference, nil, nil), self)
  }

  /// Has `function` called with each promise whose rejection nobody has taken care of by the end
  /// of a turn, and the reason.
  public func setUnhandledRejectionCallback(
    _ function: JavaScriptValue
  ) throws(JavaScriptError) {
    var exception: JSValueRef?
    JSGlobalContextSetUnhandledRejectionCallback(reference, function.object, &exception)
    _ = try result(nil, exception)
    hasRejectionCallback = true
  }

  func result(
    _ value: JSValueRef?, _ exception: JSValueRef?
  ) throws(JavaScriptError) -> JavaScriptValue {
    if let exception { throw error(of: exception) }
    return JavaScriptValue(value ?? JSValueMakeUndefined(reference), self)
  }

  /// What an exception says of itself.
  public func error(of exception: JSValueRef?) -> JavaScriptError {
    guard let exception else { return JavaScriptError(name: "", message: "unknown") }
    if let stop = engine.stop {
      return JavaScriptError(name: "", message: stop.description(engine.allowance))
    }
    let value = JavaScriptValue(exception, self)
    guard value.isObject else { return JavaScriptError(name: "", message: value.text) }
    let name = value["name"]
    let message = value["message"]
    guard !message.isUndefined else { return JavaScriptError(name: "", message: value.text) }
    let line = value["line"].number
    let column = value["column"].number
    let file = value["sourceURL"]
    let stack = value["stack"]
    return JavaScriptError(
      name: name.isUndefined ? "" : name.text, message: message.text,
      file: file.isUndefined ? nil : file.text, line: ScriptPosition.number(line),
      column: ScriptPosition.number(column), stack: stack.isUndefined ? "" : stack.text)
  }
}

extension JSStringRef {
  /// A copy of `text`, owned by the caller.
  @inline(__always)
  public static func make(_ text: String) -> JSStringRef {
    // Through UTF-16, which keeps null characters; ASCII, which most of it is, is handed over
    // as it is.
    var text = text
    return text.withUTF8 { bytes in
      if bytes.allSatisfy({ $0 < 0x80 && $0 != 0 }) {
        return withUnsafeTemporaryAllocation(byteCount: bytes.count + 1, alignment: 1) { copy in
          copy.copyMemory(from: UnsafeRawBufferPointer(bytes))
          copy[bytes.count] = 0
          return JSStringCreateWithUTF8CString(
            copy.assumingMemoryBound(to: CChar.self).baseAddress)
        }
      }
      let units = Array(String(decoding: bytes, as: UTF8.self).utf16)
      return JSStringCreateWithCharacters(units, units.count)
    }
  }

  /// The text; lone surrogates become U+FFFD.
  public var text: String {
    let length = JSStringGetLength(self)
    guard length > 0, let characters = JSStringGetCharactersPtr(self) else { return "" }
    return String(
      decoding: UnsafeBufferPointer(start: characters, count: length), as: UTF16.self)
  }
}
