import CLinux
import Shared

/// What an engine thread needs to run its part of a chunk.
struct EngineRunPlan: Sendable {
  var lease: Lease
  var program: ScriptProgram
  /// Places in the chunk of the clients that this thread runs.
  var offsets: StrideTo<Int>
  /// This thread's place among the threads that share the chunk, and their number.
  var engine = (index: 0, count: 1)
  var trust: TrustAnchors
  /// Of all threads that share the chunk.
  var counts = RunCounts()

  var checkNames: [String] {
    if case .steps(let program) = program { program.checkNames } else { [] }
  }
}

/// A script ready to run.
enum ScriptProgram: Sendable {
  case steps(StepsProgram)
  case code(CodeProgram)
}

/// The part of a chunk that one engine thread runs. Confined to that thread.
final class EngineRun {
  let key: LeaseKey
  let lease: Lease
  let trust: TrustAnchors
  var users: [VirtualUser] = []
  var pacer: ChunkPacer
  /// The starts that fall to this thread, of a load with an arrival rate.
  var arrivals: ArrivalStream?
  /// Users that may take a start. The last one in is the next one out: its connection is warm.
  var standingBy: [VirtualUser] = []
  /// Users whose iterations are cut when there are to be fewer clients.
  var rampDowns = DeadlineHeap<VirtualUser>()
  var recorder: Recorder
  /// Whether any request of the run may leave a trace.
  let isTracing: Bool
  var sampler: TraceSampler
  let masker: SecretMasker
  /// The slowest exchange of the present interval, if nothing else makes it a trace.
  var heldTrace: (trace: TraceRow, untilMicros: Int64)?
  /// The agreed start on the coordinator's clock; timestamps count from there.
  private var startMicros: Int64 = 0
  private(set) var hasBegun = false
  /// No iteration begins any more.
  var isStopping = false
  /// When what still runs is cut; nil while nothing is to be cut.
  var cutNanos: Int64?
  /// Nanoseconds of the boot-time clock after which nothing may be started without a renewal.
  var deadlineNanos: Int64
  /// The results pile up: nothing new is started.
  var isPaused = false
  /// Users that have not ended.
  var open = 0
  /// Users that have started and not ended.
  var active = 0 {
    didSet {
      mostActive = max(mostActive, active)
      sharedCounts.changeActive(by: active - oldValue)
    }
  }
  /// Of all threads that share the chunk.
  let sharedCounts: RunCounts
  /// The most that were active at once since the control thread was last told.
  var mostActive = 0
  var iterations: Int64 = 0 { didSet { sharedCounts.iterationFinished() } }
  /// Users that have ended, as the control thread was last told.
  var endedReported = 0
  var mailbox = EventMailbox()
  /// Called on the engine's thread with the answer to a question, by the question's number.
  var onAnswer: ((Int64, AgentAnswer) -> Void)?
  /// Called on the engine's thread with the name and the contents, a JSON text, of each event.
  var onEvent: ((String, String) -> Void)?
  private var nextConnection: UInt32
  /// Threads take turns in numbering, so that no two connections of a run share a number.
  private let connectionStride: UInt32
  /// Changes with each new goal: tells an end under an earlier goal from one under this one.
  var goalVersion = 0
  var now: Int64 = 0

  // Indices into the recorder's present batch.
  private var indexGeneration = -1
  private var resourceIndices: [ObjectIdentifier: (resource: UInt32, method: UInt32)] = [:]
  private var contentTypes: [(text: [UInt8], index: UInt32)] = []

  let memory: MemoryGate

  /// What `setup` and `teardown` do is no iteration of the test.
  let countsIterations: Bool

  /// The realm of a `Code` script and what belongs to it, see `EngineRun+Code.swift`.
  var code: CodeState?

  init(_ plan: EngineRunPlan, deadlineNanos: Int64, memory: MemoryGate = MemoryGate()) {
    lease = plan.lease
    self.memory = memory
    countsIterations = !lease.script.isLife
    key = LeaseKey(chunk: plan.lease.chunk, epoch: plan.lease.epoch)
    trust = plan.trust
    sharedCounts = plan.counts
    nextConnection = UInt32(plan.engine.index)
    connectionStride = UInt32(plan.engine.count)
    self.deadlineNanos = deadlineNanos
    pacer = ChunkPacer(lease: plan.lease, startNanos: 0)
    sampler = TraceSampler(plan.lease.tracing.sampling)
    isTracing = sampler.isOn
    masker = SecretMasker(plan.lease.tracing.secretValues(in: plan.lease.params))
    recorder = Recorder(checkNames: plan.checkNames, engine: plan.engine, masker: masker)
  }

  /// Makes the clients and loads the script.
  ///
  /// - Throws: `CodeLoadError` when the script does not load.
  func load(
    _ plan: EngineRunPlan, pulse: ThreadPulse, javaScript: () -> JavaScriptEngine
  ) throws(CodeLoadError) {
    users.reserveCapacity(plan.offsets.underestimatedCount)
    if case .code(let program) = plan.program { try makeRealm(program, javaScript()) }
    for offset in plan.offsets {
      pulse.beat()
      try checkMemory(of: plan)
      let number = lease.clients.first + offset
      users.append(
        VirtualUser(
          run: self, offset: offset, client: UInt32(truncatingIfNeeded: number),
          script: try script(plan, offset: offset, number: number)))
    }
    try code?.realm.close()
    open = users.count
    if case .arrivalRate(let curve) = lease.goal.model {
      arrivals = ArrivalStream(
        curve, clients: plan.offsets.map { plan.lease.clients.first + $0 },
        of: lease.clients.total)
    }
  }

  /// Scripts may take much when they are loaded, once for each client.
  private func checkMemory(of plan: EngineRunPlan) throws(CodeLoadError) {
    guard let code, ProcessMemory.residentBytes() >= memory.bytesMax else { return }
    code.realm.context.engine.collectGarbage()
    throng_give_memory_back()
    guard ProcessMemory.residentBytes() >= memory.bytesMax else { return }
    throw CodeLoadError(
      description: "\(users.count) of \(plan.offsets.underestimatedCount) users of a thread are "
        + "loaded, and \(memory.shortage)")
  }

  private func script(
    _ plan: EngineRunPlan, offset: Int, number: Int
  ) throws(CodeLoadError) -> any UserScript {
    switch plan.program {
    case .code: return try codeClient(slot: users.count, number: number)
    case .steps(let program):
      let identity = ScriptIdentity(
        client: number, regionalIndex: lease.clients.regionalFirst + offset,
        region: lease.region, execution: lease.execution.rawValue, chunk: lease.chunk.rawValue)
      return StepsUser(StepsClient(program: program, identity: identity))
    }
  }

  /// - Parameters:
  ///   - startNanos: the agreed start on this machine's monotonic clock.
  ///   - startMicros: the same on the coordinator's clock.
  func begin(startNanos: Int64, startMicros: Int64) {
    let goal = pacer.goal
    pacer = ChunkPacer(lease: lease, startNanos: startNanos)
    pacer.extended(to: goal)
    self.startMicros = startMicros
    hasBegun = true
  }

  /// The coordinator's time at `nanos` of the monotonic clock, microseconds since the epoch.
  func micros(at nanos: Int64) -> Int64 {
    startMicros.plus(nanos.minus(pacer.startNanos) / 1_000)
  }

  func check(_ index: Int, passed: Bool, of user: VirtualUser) {
    recorder.check(
      index, passed: passed, of: user.moment, after: user.latestRequest,
      atMicros: micros(at: now), now: now)
  }

  func searchGivenUp(_ reason: String, of user: VirtualUser) {
    recorder.scriptError(
      reason, excerpt: "", stack: "", moment: user.moment, atMicros: micros(at: now), now: now)
  }

  /// Users that have ended.
  var ended: Int { users.count - open }

  func takeConnectionNumber() -> UInt32 {
    defer { nextConnection &+= connectionStride }
    return nextConnection
  }

  // MARK: names

  /// Indices of a request's resource and method, remembered for the batch.
  func indices(of request: ScriptRequest) -> (resource: UInt32, method: UInt32) {
    renewIndices()
    let id = ObjectIdentifier(request)
    if let known = resourceIndices[id] { return known }
    let found = (
      recorder.internResource(resourceName(of: request)), recorder.intern(request.method)
    )
    // Requests built from templates live only as long as they run; another may get their
    // address, so only those that a program keeps are remembered.
    if request.isConstant { resourceIndices[id] = found }
    return found
  }

  /// What the results of a request are grouped under; secrets do not show in it.
  func resourceName(of request: ScriptRequest) -> String {
    if let name = request.name { return masker.masked(name) }
    let hasUser = request.url.utf8.contains(UInt8(ascii: "@"))
    let url = hasUser ? request.url.withoutCredentials : request.url
    return masker.masked("\(request.method) \(url.withoutFragment)")
  }

  /// Index of a content type, looked up by its bytes to spare a string per request.
  func contentTypeIndex(_ text: UnsafePointer<CChar>) -> UInt32 {
    renewIndices()
    for entry in contentTypes {
      var index = 0
      while index < entry.text.count, UInt8(bitPattern: text[index]) == entry.text[index] {
        index += 1
      }
      if index == entry.text.count, text[index] == 0 { return entry.index }
    }
    let string = String(cString: text)
    let index = recorder.intern(string)
    if contentTypes.count < 32 {
      var bytes: [UInt8] = []
      var place = 0
      while text[place] != 0 {
        bytes.append(UInt8(bitPattern: text[place]))
        place += 1
      }
      contentTypes.append((bytes, index))
    }
    return index
  }

  private func renewIndices() {
    guard indexGeneration != recorder.generation else { return }
    indexGeneration = recorder.generation
    resourceIndices.removeAll(keepingCapacity: true)
    contentTypes.removeAll(keepingCapacity: true)
  }
}

extension String {
  /// Without what never reaches the server. The query stays: it is part of what is requested,
  /// and a script that varies it gives its requests a `name`.
  fileprivate var withoutFragment: Substring {
    firstIndex(of: "#").map { self[..<$0] } ?? self[...]
  }

  /// A URL without the password that stands before its host.
  var withoutCredentials: String {
    guard let scheme = firstRange(of: "://") else { return self }
    let authority = self[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":")
    else { return self }
    return self[...colon] + TraceSettings.mask + self[at...]
  }
}
