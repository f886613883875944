import CJavaScriptCore
import Shared

/// What the prelude of a realm can ask its host for; see `Prelude/*.js` for who does.
final class HostFunctions {
  /// Set once the realm is whole: nothing is called before.
  weak var realm: CodeRealm?
  private var functions: [HostFunction] = []

  /// An object with all functions.
  func install(in context: JavaScriptContext) -> JavaScriptValue {
    let object = context.object()
    func add(_ name: String, _ body: @escaping HostFunction.Body) {
      add(name, HostFunction(self, body))
    }
    func add(_ name: String, _ function: HostFunction) {
      functions.append(function)
      if let reference = function.object(in: context.reference) {
        object[name] = JavaScriptValue(reference, context)
      }
    }
    add("now", HostFunction(free: Self.now))
    add("randomBytes", HostFunction(free: Self.randomBytes))
    addTimes(add)
    addRequests(add)
    addCookies(add)
    addMetrics(add)
    addRecords(add)
    addOthers(add)
    return object
  }

  typealias Adder = (_ name: String, _ body: @escaping HostFunction.Body) -> Void

  private func addTimes(_ add: Adder) {
    add("timer") { realm, arguments in
      realm.effects.append(
        .timer(
          slot: arguments.int(0), operation: Int32(truncatingIfNeeded: arguments.int(1)),
          nanos: max(0, Int64(saturating: arguments.double(2) * 1e6))))
      return nil
    }
    add("cancelTimer") { realm, arguments in
      realm.effects.append(
        .cancelTimer(
          slot: arguments.int(0), operation: Int32(truncatingIfNeeded: arguments.int(1))))
      return nil
    }
    add("done") { realm, arguments in
      realm.effects.append(.done(slot: arguments.int(0), failed: arguments.bool(1)))
      return nil
    }
    add("settle") { realm, _ in
      realm.settles = true
      return nil
    }
    add("progress") { realm, arguments in
      JSValueMakeNumber(arguments.context, realm.surroundings.progress)
    }
    add("counts") { realm, arguments in
      let counts = realm.surroundings.counts
      var values: [JSValueRef?] = [
        JSValueMakeNumber(arguments.context, Double(counts.iterations)),
        JSValueMakeNumber(arguments.context, Double(counts.active)),
      ]
      return JSObjectMakeArray(arguments.context, 2, &values, nil)
    }
  }

  /// Monotonic milliseconds.
  private static func now(_ arguments: HostArguments) -> JSValueRef? {
    JSValueMakeNumber(arguments.context, Double(Clock.monotonicNanos()) / 1e6)
  }

  /// Fills a typed array.
  private static func randomBytes(_ arguments: HostArguments) -> JSValueRef? {
    guard let value = arguments[0], let array = JSValueToObject(arguments.context, value, nil),
      let start = JSObjectGetTypedArrayBytesPtr(arguments.context, array, nil)
    else { return nil }
    let count = JSObjectGetTypedArrayByteLength(arguments.context, array, nil)
    var random = SystemRandomNumberGenerator()
    let bytes = UnsafeMutableRawBufferPointer(start: start, count: count)
    for index in bytes.indices { bytes[index] = UInt8.random(in: 0...255, using: &random) }
    return nil
  }

  private func addRequests(_ add: Adder) {
    add("know") { realm, arguments in
      let number = realm.knownRequests.count
      realm.knownRequests.append(CodeRequest.plain(url: arguments.text(0)))
      return JSValueMakeNumber(arguments.context, Double(number))
    }
    add("send") { realm, arguments in
      let number = arguments.int(2)
      guard realm.knownRequests.indices.contains(number) else { return nil }
      realm.effects.append(
        .request(
          slot: arguments.int(0), operation: Int32(truncatingIfNeeded: arguments.int(1)),
          realm.knownRequests[number]))
      return nil
    }
    add("request") { realm, arguments in
      realm.effects.append(
        .request(
          slot: arguments.int(0), operation: Int32(truncatingIfNeeded: arguments.int(1)),
          CodeRequest.make(arguments)))
      return nil
    }
    add("compress") { realm, arguments in
      var bytes = arguments.bytes(0) ?? []
      for name in arguments.text(1).split(separator: ",") {
        guard let coded = realm.surroundings.compress(bytes, coding: String(name)) else {
          throw UsageError("the body cannot be compressed by '\(name)'")
        }
        bytes = coded
      }
      return ScriptText.buffer(bytes, arguments.context)
    }
    add("peer") { realm, arguments in
      let number = Int32(truncatingIfNeeded: arguments.int(1))
      guard let peer = realm.surroundings.peer(slot: arguments.int(0), number: number) else {
        return JSObjectMakeArray(arguments.context, 0, nil, nil)
      }
      return peer.value(in: arguments.context)
    }
  }

  private func addMetrics(_ add: Adder) {
    add("checkName") { realm, arguments in
      let number = realm.surroundings.checkNumber(arguments.text(0))
      return JSValueMakeNumber(arguments.context, Double(number))
    }
    add("check") { realm, arguments in
      realm.surroundings.check(
        slot: arguments.int(0), arguments.int(1), passed: arguments.bool(2))
      return nil
    }
    add("metricName") { realm, arguments in
      guard let type = MetricType(rawValue: arguments.text(0)) else {
        throw UsageError("there is no metric type \(arguments.text(0))")
      }
      let units = arguments.text(3)
      let resource = arguments.text(4)
      let number = realm.surroundings.metricNumber(
        MetricDefinition(
          namespace: arguments.text(1), name: arguments.text(2), type: type,
          units: units.isEmpty ? nil : units),
        resource: resource.isEmpty ? nil : resource)
      return JSValueMakeNumber(arguments.context, Double(number))
    }
    add("metric") { realm, arguments in
      let number = arguments.int(1)
      if let value = arguments[2], JSValueIsString(arguments.context, value) {
        realm.surroundings.metric(number, key: arguments.text(2))
      } else {
        realm.surroundings.metric(number, value: arguments.double(2))
      }
      return nil
    }
  }

  private func addRecords(_ add: Adder) {
    add("log") { realm, arguments in
      let name = arguments.text(1)
      let level = ScriptLogLevel.allCases.first { $0.name == name } ?? .info
      realm.surroundings.log(slot: arguments.int(0), level: level, arguments.text(2))
      return nil
    }
    add("scriptError") { realm, arguments in
      let line = ScriptPosition.number(arguments.double(4)) ?? 0
      let error = JavaScriptError(
        name: arguments.text(1), message: arguments.text(2),
        file: line > 0 ? realm.program.code.fileName : nil, line: line > 0 ? line : nil,
        column: line > 0 ? ScriptPosition.number(arguments.double(5)) : nil,
        stack: arguments.text(3))
      let described = realm.position.describe(error)
      let parts = described.split(separator: "\n", maxSplits: 1)
      realm.surroundings.scriptFailed(
        slot: arguments.int(0), message: parts.first.map(String.init) ?? "",
        excerpt: parts.count > 1 ? String(parts[1]) : "",
        stack: realm.position.readable(stack: error.stack))
      return nil
    }
    add("suite") { realm, arguments in
      realm.surroundings.suite(
        slot: arguments.int(0),
        SuiteResult(
          suite: arguments.text(1), test: arguments.text(2), passed: arguments.bool(3),
          message: arguments.text(4), stack: realm.position.readable(stack: arguments.text(5)),
          durationMs: arguments.double(6)))
      return nil
    }
    add("file") { realm, arguments in
      func text(_ index: Int) -> String? {
        arguments.isUndefined(index) ? nil : arguments.text(index)
      }
      try realm.surroundings.file(
        slot: arguments.int(0),
        ScriptFile(
          name: arguments.text(1), contentType: arguments.text(3), compare: text(4),
          suite: text(5), test: text(6), bytes: arguments.bytes(2) ?? []))
      return nil
    }
  }

  private func addOthers(_ add: Adder) {
    add("ask") { realm, arguments in
      realm.effects.append(
        .ask(
          slot: arguments.int(0), operation: Int32(truncatingIfNeeded: arguments.int(1)),
          kind: arguments.text(2), details: arguments.text(3)))
      return nil
    }
    add("listen") { realm, arguments in
      realm.effects.append(.listen(slot: arguments.int(0)))
      return nil
    }
    add("abort") { realm, arguments in
      realm.effects.append(.abort(message: arguments.text(1)))
      return nil
    }
    add("open") { realm, arguments in
      guard let bytes = realm.program.code.files[arguments.text(0)] else { return nil }
      return arguments.bool(1)
        ? ScriptText.buffer(bytes, arguments.context) : ScriptText.value(bytes, arguments.context)
    }
  }
}
