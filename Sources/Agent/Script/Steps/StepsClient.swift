import Shared

/// One client on its way through a program.
///
/// A small value without I/O and clock: the engine makes the requests and keeps the time. Running
/// a request without templates and checking its status allocates nothing.
struct StepsClient {
  let program: StepsProgram
  let identity: ScriptIdentity
  var random: ScriptRandom
  var iteration = 0
  /// Values by slot; nil is a variable without value.
  var variables: [JSONValue?]
  private var counters: [Int]
  /// The instruction that comes next.
  private var place = 0
  /// Whether something in this iteration could not be evaluated.
  var failed = false
  /// The request that is out, or nil.
  private var pending: CompiledRequest?

  /// Instructions after which others get their turn, whatever the script does.
  private static let burstMax = 1_000

  init(program: StepsProgram, identity: ScriptIdentity) {
    self.program = program
    self.identity = identity
    random = ScriptRandom(seed: program.seed, client: identity.client)
    variables = Array(repeating: nil, count: program.slotCount)
    counters = Array(repeating: 0, count: program.counterCount)
  }

  /// Starts an iteration from a clean state; also after one that was cut short.
  mutating func beginIteration(_ number: Int) -> ScriptAction {
    iteration = number
    for slot in variables.indices { variables[slot] = nil }
    place = 0
    failed = false
    pending = nil
    return advance()
  }

  /// Takes in the response to the request handed out last.
  mutating func requestFinished(
    _ response: borrowing ScriptResponse, checks: some CheckSink
  ) -> ScriptAction {
    precondition(pending != nil, "a response without a request")
    if let request = pending {
      pending = nil
      evaluate(request, response, checks)
    }
    return advance()
  }

  mutating func sleepFinished() -> ScriptAction { advance() }

  /// The event waited for has come, or did not in time: then the iteration has failed.
  mutating func waitFinished(_ event: JSONValue?) -> ScriptAction {
    precondition(place > 0, "an event without a wait")
    guard let event, case .waitForEvent(_, _, let slot) = program.instructions[place - 1] else {
      return .end(failed: true)
    }
    variables[slot] = event
    return advance()
  }

  /// Runs instructions up to the next thing that takes time.
  private mutating func advance() -> ScriptAction {
    var budget = Self.burstMax
    while place < program.instructions.count {
      guard budget > 0 else { return .sleep(micros: 0) }
      budget -= 1
      switch program.instructions[place] {
      case .request(let request):
        place += 1
        pending = request
        if let constant = request.constant {
          if constant.problem != nil { failed = true }
          return .request(constant)
        }
        let rendered = render(request)
        if rendered.problem != nil { failed = true }
        return .request(rendered)
      case .sleep(let range):
        place += 1
        return .sleep(micros: Int64.random(in: range, using: &random))
      case .waitForEvent(let name, let timeoutMicros, _):
        place += 1
        return .waitForEvent(name, timeoutMicros: timeoutMicros)
      case .enterLoop(let counter, let count, let exit):
        guard let times = times(count) else { return .end(failed: true) }
        counters[counter] = times
        place = times > 0 ? place + 1 : exit
      case .repeatLoop(let counter, let start):
        counters[counter] -= 1
        place = counters[counter] > 0 ? start : place + 1
      case .branch(let condition, let otherwise):
        guard let holds = holds(condition) else { return .end(failed: true) }
        place = holds ? place + 1 : otherwise
      case .jump(let target): place = target
      }
    }
    return .end(failed: failed)
  }

  /// How often a loop runs, or nil if its value is no such number.
  private mutating func times(_ count: StepsProgram.LoopTimes) -> Int? {
    switch count {
    case .fixed(let number): return number
    case .value(let source):
      guard let number = value(source)?.looseNumber, let times = Int(exactly: number),
        (0...Limits.iterationsMax).contains(times)
      else { return nil }
      return times
    }
  }
}
