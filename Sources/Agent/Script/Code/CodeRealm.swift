import CJavaScriptCore
import Shared

/// The realm in which the clients of one run on one engine thread live, and the way in and out.
///
/// All clients share it, each with an instance of the script's module of its own. A realm for
/// each would cost 85 to 150 KiB a client, and at 1,000 clients and more a turn would spend 25 to
/// 35 µs on caches that the clients between had emptied; an instance costs a few KiB, and the
/// code of the script is compiled once. What clients could share by it, global variables, is cut
/// off: scripts run in strict mode, `globalThis` is an object of the client, and the real global
/// object takes no new names.
///
/// Confined to the engine's thread.
final class CodeRealm {
  let context: JavaScriptContext
  let program: CodeProgram
  unowned let surroundings: any CodeSurroundings
  /// What turns ask for, in order; the engine takes it out.
  var effects: [CodeEffect] = []
  /// Requests that scripts know by number.
  var knownRequests: [ScriptRequest] = []
  private(set) var position: ScriptPosition
  private let realm: JavaScriptValue
  private let wrapper: JavaScriptValue
  private let hostFunctions: HostFunctions
  private let entries: Entries
  /// The client whose turn it is.
  private(set) var slot = 0
  /// Whether the iteration may be over once the turn is.
  var settles = false

  /// The functions by which the host enters the realm.
  private struct Entries {
    var begun: JSObjectRef?
    var responded: JSObjectRef?
    var completed: JSObjectRef?
    var happened: JSObjectRef?
    var settled: JSObjectRef?
    /// Keeps the functions from garbage collection.
    var values: [JavaScriptValue]
  }

  /// - Throws: `CodeLoadError` naming the place in the script.
  init(
    _ program: CodeProgram, engine: JavaScriptEngine, surroundings: any CodeSurroundings
  ) throws(CodeLoadError) {
    self.program = program
    self.surroundings = surroundings
    context = JavaScriptContext(engine: engine)
    position = ScriptPosition(program.code)
    hostFunctions = HostFunctions()
    do {
      realm = try Prelude.install(in: context, host: hostFunctions.install(in: context))
      try context.setUnhandledRejectionCallback(realm["rejected"])
      try realm["configure"].call([context.string(program.runText)])
      try realm["protect"].call()
      let names = try realm["seal"].call().text
      let function = ScriptWrapper(names: names, source: program.code.source)
      position.firstLineOffset = function.firstLineOffset
      wrapper = try context.evaluate(function.text, file: program.code.fileName)
      try context.evaluate("Object.preventExtensions(globalThis)", file: "throng:seal.js")
    } catch {
      throw CodeLoadError(description: position.describe(error))
    }
    let values = [
      realm["begun"], realm["responded"], realm["completed"], realm["happened"], realm["settled"],
    ]
    entries = Entries(
      begun: values[0].object, responded: values[1].object, completed: values[2].object,
      happened: values[3].object, settled: values[4].object, values: values)
    hostFunctions.realm = self
  }

  /// Makes a client and runs the script's module for it.
  ///
  /// - Parameters:
  ///   - slot: its place among the clients of this realm, in order from 0.
  ///   - number: its global index.
  func initialise(slot: Int, number: Int) throws(CodeLoadError) {
    self.slot = slot
    do {
      try realm["initialise"].call([
        context.number(Double(slot)), context.number(Double(number)), wrapper,
        context.string(program.export), context.string(program.dataText),
        context.string(program.life?.rawValue ?? ""),
      ])
    } catch {
      throw CodeLoadError(description: position.describe(error))
    }
  }

  /// All clients are made: what their modules have added to built-in objects stays, and nothing
  /// more is added.
  func close() throws(CodeLoadError) {
    do {
      try realm["close"].call()
    } catch {
      throw CodeLoadError(description: position.describe(error))
    }
  }

  // MARK: turns

  func begin(slot: Int, iteration: Int) {
    enter(entries.begun, slot, JSValueMakeNumber(context.reference, Double(iteration)))
  }

  /// A timer has gone off.
  func complete(slot: Int, operation: Int32) {
    enter(entries.completed, slot, JSValueMakeNumber(context.reference, Double(operation)))
  }

  /// A question was answered.
  func answer(slot: Int, operation: Int32, _ answer: CodeAnswer) {
    let (json, error) =
      switch answer {
      case .json(let text): (text, "")
      case .failed(let reason): ("", reason)
      }
    let text = context.string(json)
    let problem = context.string(error)
    withExtendedLifetime((text, problem)) {
      enter(
        entries.completed, slot, JSValueMakeNumber(context.reference, Double(operation)),
        problem.reference, text.reference)
    }
  }

  func respond(slot: Int, operation: Int32, to response: borrowing ScriptResponse) {
    let reference: JSContextRef = context.reference
    func number(_ value: Int32) -> JSValueRef? { JSValueMakeNumber(reference, Double(value)) }
    var problem: JSValueRef?
    var url: JSValueRef?
    if response.error != .none { problem = ScriptText.value(response.errorText, reference) }
    if let text = response.url { url = ScriptText.value(text, reference) }
    var cookies: JSValueRef?
    if !response.cookies.isEmpty { cookies = ScriptText.value(response.cookies, reference) }
    enter(
      entries.responded, slot, number(operation), number(Int32(response.status)),
      number(Int32(response.errorCode)), problem, body(of: response),
      ScriptText.value(response.head, reference), url, number(response.timings.dns),
      number(response.timings.open), number(response.timings.tls), number(response.timings.first),
      number(response.timings.close), number(response.peer), cookies,
      JSValueMakeBoolean(reference, response.setsCookies))
  }

  private func body(of response: borrowing ScriptResponse) -> JSValueRef? {
    guard response.error == .none else { return JSValueMakeNull(context.reference) }
    return switch response.form {
    case .none: JSValueMakeNull(context.reference)
    case .binary: ScriptText.buffer(response.body, context.reference)
    case .text: ScriptText.value(response.body, context.reference)
    }
  }

  /// An event has come in for a client that listens.
  func happened(slot: Int, name: String, contents: String) {
    let title = context.string(name)
    let text = context.string(contents)
    withExtendedLifetime((title, text)) {
      enter(entries.happened, slot, title.reference, text.reference)
    }
  }

  /// What the exported function returned, as JSON; empty when it returned nothing.
  func resultText(slot: Int) -> String {
    (try? realm["resultText"].call([context.number(Double(slot))]).text) ?? ""
  }

  /// The iteration of a client is cut: nothing of it goes on.
  func abandon(slot: Int) {
    _ = try? realm["abandoned"].call([context.number(Double(slot))])
  }

  /// Calls an entry: arguments that are nil are undefined.
  private func enter(_ entry: JSObjectRef?, _ slot: Int, _ values: JSValueRef?...) {
    self.slot = slot
    if let shortage = surroundings.shortage { return end(slot, because: shortage) }
    context.engine.allowance = program.allowance
    context.engine.beginTurn(now: Clock.monotonicNanos())
    call(entry, values)
    endTurn()
  }

  /// What it returns, and what it throws when it is ended by force, says nothing more than the
  /// engine and the effects do.
  @inline(__always)
  private func call(_ entry: JSObjectRef?, _ values: [JSValueRef?]) {
    let reference: JSContextRef = context.reference
    withUnsafeTemporaryAllocation(of: JSValueRef?.self, capacity: values.count + 1) { buffer in
      buffer.initializeElement(at: 0, to: JSValueMakeNumber(reference, Double(slot)))
      for (index, value) in values.enumerated() {
        buffer.initializeElement(at: index + 1, to: value ?? JSValueMakeUndefined(reference))
      }
      var exception: JSValueRef?
      _ = JSObjectCallAsFunction(
        reference, entry, nil, buffer.count, buffer.baseAddress, &exception)
    }
  }

  private func endTurn() {
    if settles, context.engine.stop == nil { call(entries.settled, []) }
    settles = false
    context.engine.endTurn()
    guard let stop = context.engine.stop else { return }
    end(slot, because: stop.description(context.engine.allowance))
  }

  /// Ends an iteration by force.
  private func end(_ slot: Int, because reason: String) {
    surroundings.scriptFailed(slot: slot, message: reason, excerpt: "", stack: "")
    abandon(slot: slot)
    effects.removeAll { $0.slot == slot }
    effects.append(.done(slot: slot, failed: true))
  }
}

extension CodeEffect {
  fileprivate var slot: Int? {
    switch self {
    case .request(let slot, _, _), .timer(let slot, _, _), .cancelTimer(let slot, _),
      .ask(let slot, _, _, _), .done(let slot, _):
      slot
    case .abort, .listen: nil
    }
  }
}
