import Shared

/// A `Code` script as the engines of one lease run it: immutable, shared by their realms.
struct CodeProgram: Sendable {
  var code: CodePayload
  /// What `realm.configure` takes: who runs this, parameters, options.
  var runText: String
  /// What `setup()` returned, as JSON; empty when it was not called.
  var dataText: String
  /// Name of the exported function to run.
  var export: String
  /// What of the whole test it is; nil for what the test's clients run.
  var life: ScriptPayload.Life?
  var allowance = JavaScriptEngine.Allowance()
}

/// Why a `Code` script cannot be run, with its place in what its author wrote.
struct CodeLoadError: Error, CustomStringConvertible {
  var description: String
}

/// What a script's realm asks of the world around it; on the engine's thread.
protocol CodeSurroundings: AnyObject {
  /// Why nothing may take memory now; nil when there is enough.
  var shortage: String? { get }
  /// The number of a check's name.
  func checkNumber(_ name: String) -> Int
  /// `slot` is the client's place among those of the engine.
  func check(slot: Int, _ number: Int, passed: Bool)
  /// The number of a custom metric.
  func metricNumber(_ definition: MetricDefinition, resource: String?) -> Int
  func metric(_ number: Int, value: Double)
  func metric(_ number: Int, key: String)
  func log(slot: Int, level: ScriptLogLevel, _ message: String)
  func scriptFailed(slot: Int, message: String, excerpt: String, stack: String)
  func suite(slot: Int, _ result: SuiteResult)
  func file(slot: Int, _ file: ScriptFile) throws
  /// The client's own cookies; nil as long as it has none, unless one is to be made.
  func cookieJar(slot: Int, makesOne: Bool) -> CookieJar?
  /// A body put into a coding; nil for one that is not known, and without memory.
  func compress(_ body: [UInt8], coding: String) -> [UInt8]?
  /// Whom a connection of the client leads to, as long as it is among the last ones.
  func peer(slot: Int, number: Int32) -> Peer?
  /// Iterations finished and clients active, of all engines.
  var counts: (iterations: Int64, active: Int) { get }
  /// Share of the goal that is done, 0 to 1.
  var progress: Double { get }
}

/// How one test of a suite came out.
struct SuiteResult: Sendable {
  var suite: String
  var test: String
  var passed: Bool
  var message: String
  var stack: String
  var durationMs: Double
}

/// A file that a script has written.
struct ScriptFile: Sendable {
  var name: String
  var contentType: String
  /// Name of the image that it is to look like.
  var compare: String?
  /// The test of a suite in which it was written.
  var suite: String?
  var test: String?
  var bytes: [UInt8]
}

/// What a turn of a script asks the engine for.
enum CodeEffect {
  case request(slot: Int, operation: Int32, ScriptRequest)
  case timer(slot: Int, operation: Int32, nanos: Int64)
  /// The timer is not wanted any more.
  case cancelTimer(slot: Int, operation: Int32)
  case ask(slot: Int, operation: Int32, kind: String, details: String)
  case done(slot: Int, failed: Bool)
  case abort(message: String)
  /// The client wants to be told of events.
  case listen(slot: Int)
}
