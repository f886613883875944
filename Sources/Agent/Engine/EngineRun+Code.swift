import Shared

/// The realm of a run's `Code` script and what belongs to it.
final class CodeState {
  let realm: CodeRealm
  /// Taken out of the realm while they are carried out; kept to spare allocations.
  var effects: [CodeEffect] = []
  var isPerforming = false
  /// Clients that want to be told of events.
  var listeners: Set<Int> = []
  /// Custom metrics by the number that scripts know.
  var metrics: [MetricSeries.Handle?] = []
  /// What clients have asked the coordinator.
  var questions: CodeQuestions

  init(realm: CodeRealm) {
    self.realm = realm
    var generator = SystemRandomNumberGenerator()
    questions = CodeQuestions(random: ScriptRandom(seed: generator.next(), client: 0))
  }
}

extension EngineRun {
  func makeRealm(
    _ program: CodeProgram, _ javaScript: JavaScriptEngine
  ) throws(CodeLoadError) {
    code = CodeState(
      realm: try CodeRealm(program, engine: javaScript, surroundings: self))
  }

  func codeClient(slot: Int, number: Int) throws(CodeLoadError) -> any UserScript {
    guard let realm = code?.realm else { throw CodeLoadError(description: "there is no realm") }
    try realm.initialise(slot: slot, number: number)
    return CodeClient(realm: realm, slot: slot)
  }
}

extension EngineRun: CodeSurroundings {
  var shortage: String? { memory.state == .critical ? memory.shortage : nil }

  private func moment(_ slot: Int) -> ClientMoment? {
    guard users.indices.contains(slot) else { return nil }
    return users[slot].moment
  }

  func checkNumber(_ name: String) -> Int { recorder.checkIndex(name) }

  func check(slot: Int, _ number: Int, passed: Bool) {
    guard users.indices.contains(slot) else { return }
    users[slot].check(number, passed: passed)
  }

  func metricNumber(_ definition: MetricDefinition, resource: String?) -> Int {
    code?.metrics.append(recorder.metricHandle(definition, resource: resource))
    return (code?.metrics.count ?? 1) - 1
  }

  func metric(_ number: Int, value: Double) {
    guard let code, code.metrics.indices.contains(number) else { return }
    recorder.metric(code.metrics[number], value, atMicros: micros(at: now), now: now)
  }

  func metric(_ number: Int, key: String) {
    guard let code, code.metrics.indices.contains(number) else { return }
    recorder.metric(code.metrics[number], key: key, atMicros: micros(at: now), now: now)
  }

  func log(slot: Int, level: ScriptLogLevel, _ message: String) {
    recorder.log(level, message, moment: moment(slot), atMicros: wallMicros, now: now)
  }

  func scriptFailed(slot: Int, message: String, excerpt: String, stack: String) {
    recorder.scriptError(
      message, excerpt: excerpt, stack: stack, moment: moment(slot), atMicros: wallMicros,
      now: now)
  }

  func suite(slot: Int, _ result: SuiteResult) {
    guard let moment = moment(slot) else { return }
    let micros = max(0, min(Int64(saturating: result.durationMs * 1_000), Limits.rowMicrosMax))
    recorder.suite(
      SuiteResultRow(
        atMicros: wallMicros - micros, durationMicros: micros, suite: result.suite,
        test: result.test, passed: result.passed, message: result.passed ? nil : result.message,
        stack: result.passed ? nil : result.stack, moment: moment,
        connection: users[slot].exchange.connection), now: now)
  }

  func file(slot: Int, _ file: ScriptFile) throws {
    guard let moment = moment(slot) else { return }
    var metadata = FileMetadata(
      atMicros: wallMicros, name: file.name, contentType: file.contentType, moment: moment,
      suite: file.suite, test: file.test)
    metadata.compare = file.compare
    try recorder.file(metadata, bytes: file.bytes, now: now)
  }

  /// Before the start there is no agreed time: scripts that are loaded may log all the same.
  private var wallMicros: Int64 { hasBegun ? micros(at: now) : Clock.wallMicros() }

  // MARK: the client's connections

  func cookieJar(slot: Int, makesOne: Bool) -> CookieJar? {
    guard users.indices.contains(slot) else { return nil }
    if makesOne, users[slot].jar == nil { users[slot].jar = CookieJar() }
    return users[slot].jar
  }

  /// In k6 a client's cookies last for one iteration.
  func resetCookies(of user: VirtualUser) {
    if user.jar != nil, code?.realm.program.code.isK6 ?? false { user.jar = nil }
  }

  func compress(_ body: [UInt8], coding: String) -> [UInt8]? {
    ContentCoding(rawValue: coding)?.encode(body)
  }

  func peer(slot: Int, number: Int32) -> Peer? {
    guard users.indices.contains(slot) else { return nil }
    return users[slot].exchanges.lazy.compactMap { $0.transfer?.peer }
      .first { $0.number == number }
  }

  var counts: (iterations: Int64, active: Int) {
    (sharedCounts.iterations, sharedCounts.active)
  }

  var progress: Double {
    if let seconds = pacer.goal.durationSecs, seconds > 0 {
      return max(0, min(1, Double(now - pacer.startNanos) / (seconds * 1e9)))
    }
    guard let each = pacer.goal.iterations, !users.isEmpty else { return 0 }
    return min(1, Double(iterations) / Double(each * users.count))
  }
}
