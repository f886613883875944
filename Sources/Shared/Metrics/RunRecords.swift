/// What a run says beside its requests and iterations. Rows hold their texts themselves: unlike
/// requests, they refer to nothing in the batch that they travel with.
public struct RunRecords: Equatable, Sendable {
  public var logs: [LogRow] = []
  public var metrics: [MetricDelta] = []
  public var suiteResults: [SuiteResultRow] = []
  public var files: [FilePart] = []
  public var traces: [TraceRow] = []
  public var values: [ValueRow] = []

  public init() {}

  public var isEmpty: Bool {
    logs.isEmpty && metrics.isEmpty && suiteResults.isEmpty && files.isEmpty && traces.isEmpty
      && values.isEmpty
  }
}

/// How much an entry of a script's log matters.
public enum ScriptLogLevel: UInt8, Sendable, CaseIterable {
  case trace = 0
  case debug
  case info
  case warning
  case error
  case fatal

  /// As the API shows it: `Trace`, `Debug`, `Info`, `Warning`, `Error`, `Fatal`.
  public var name: String {
    switch self {
    case .trace: "Trace"
    case .debug: "Debug"
    case .info: "Info"
    case .warning: "Warning"
    case .error: "Error"
    case .fatal: "Fatal"
    }
  }
}

/// Which client said something, and in which of its iterations.
public struct ClientMoment: Equatable, Hashable, Sendable {
  /// Global client index.
  public var client: UInt32
  public var iteration: UInt32

  public init(client: UInt32, iteration: UInt32) {
    self.client = client
    self.iteration = iteration
  }
}

/// An entry of a script's log.
public struct LogRow: Equatable, Sendable {
  /// Microseconds since the Unix epoch, on the coordinator's clock.
  public var atMicros: Int64
  public var level: ScriptLogLevel
  /// At most `Limits.logMessageBytesMax` bytes.
  public var message: String
  /// Nil for what is said outside of an iteration, e.g. while a script is loaded.
  public var moment: ClientMoment?

  public init(
    atMicros: Int64, level: ScriptLogLevel, message: String, moment: ClientMoment? = nil
  ) {
    self.atMicros = atMicros
    self.level = level
    self.message = message
    self.moment = moment
  }
}

/// How one test of a suite came out, once.
public struct SuiteResultRow: Equatable, Sendable {
  /// Start of the test, microseconds since the Unix epoch, on the coordinator's clock.
  public var atMicros: Int64
  public var durationMicros: Int64
  /// Names of the suite and of the test, at most `Limits.suiteNameBytesMax` bytes each.
  public var suite: String
  public var test: String
  public var passed: Bool
  /// Why it failed, at most `Limits.logMessageBytesMax` bytes; nil when it passed.
  public var message: String?
  /// Where in the script, likewise.
  public var stack: String?
  public var moment: ClientMoment
  /// The last connection that the client used in the test, counted from 0 per (chunk, epoch).
  public var connection: UInt32?

  public init(
    atMicros: Int64, durationMicros: Int64, suite: String, test: String, passed: Bool,
    message: String? = nil, stack: String? = nil, moment: ClientMoment, connection: UInt32? = nil
  ) {
    self.atMicros = atMicros
    self.durationMicros = durationMicros
    self.suite = suite
    self.test = test
    self.passed = passed
    self.message = message
    self.stack = stack
    self.moment = moment
    self.connection = connection
  }
}

/// A named value of the whole execution, such as what `setup()` returned.
public struct ValueRow: Equatable, Sendable {
  /// What `setup()` returned.
  public static let setup = "setup"
  /// There once `teardown` has thrown.
  public static let teardownFailed = "teardown.failed"
  /// What `handleSummary()` returned.
  public static let summary = "summary"

  /// At most `Limits.valueNameBytesMax` bytes. A later value of the same name replaces it.
  public var name: String
  /// A JSON text of at most `Limits.valueBytesMax` bytes.
  public var json: String

  public init(name: String, json: String) {
    self.name = name
    self.json = json
  }
}
