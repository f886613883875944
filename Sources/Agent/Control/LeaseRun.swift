import Shared

/// One lease as the control thread holds it: where its run is, and its results on their way.
/// Pure; the link performs what it returns.
struct LeaseRun {
  enum Phase: Equatable {
    /// Engines initialise the clients. → `ready`.
    case preparing
    /// Waits for the agreed start. → `running`, `over`.
    case ready
    /// → `over`.
    case running
    /// All clients have ended. → `running` when the goal is extended.
    case over
  }

  let lease: Lease
  let key: LeaseKey
  var phase = Phase.preparing
  var spool: Spool
  /// The goal that clients run under, and its number.
  private(set) var goal: LoadGoal
  private(set) var goalVersion = 0
  var startAtMicros: Int64?
  var isStopping = false
  /// Boot time, nanoseconds, after which nothing is started without a renewal.
  var deadlineNanos: Int64
  /// Whether the coordinator wants nothing more run, only uploaded.
  var isFenced = false
  /// What is said once all batches are sent; not yet confirmed.
  private(set) var done: DoneMessage?
  /// Whether `done` went out on the present link.
  private(set) var isDoneSent = false
  private let engines: Int
  private var preparedEngines: Set<Int> = []
  private var endedEngines: Set<Int> = []
  /// When the last client ended, on the coordinator's clock.
  private var endedAtMicros: Int64 = 0
  private var active: [Int: Int] = [:]
  /// The most clients that were active at once since the last sample.
  private var mostActive: [Int: Int] = [:]
  private var iterations: [Int: Int64] = [:]
  private var endedClients: [Int: Int] = [:]
  /// Questions to the coordinator without an answer.
  var asks = OpenAsks()
  /// The latest event that was handed to the engines.
  private var lastEventID: Int64 = 0
  private static let samplesWaitingMax = 10
  /// Whether a sample has told of clients: engines need up to a second to tell of the first.
  private var hasShownClients = false
  /// Samples that wait for the next batch.
  private var samples: [AgentSample] = []

  init(lease: Lease, engines: Int, deadlineNanos: Int64) {
    self.lease = lease
    key = LeaseKey(chunk: lease.chunk, epoch: lease.epoch)
    goal = lease.goal
    self.engines = engines
    self.deadlineNanos = deadlineNanos
    spool = Spool(lease: key, windowBatches: max(1, lease.window))
  }

  var activeClients: Int { active.values.reduce(0, +) }

  var progress: LeaseProgress {
    LeaseProgress(
      chunk: key.chunk, epoch: key.epoch, active: activeClients,
      ended: endedClients.values.reduce(0, +), iterations: iterations.values.reduce(0, +),
      spooledSeq: spool.lastSeq, spooledRows: spool.rows)
  }

  /// What came of preparing a run.
  enum Preparation: Equatable {
    case ready
    case failed(String)
  }

  /// An engine has initialised its clients, or could not. Returns what that means for the run,
  /// nil while others are not through.
  mutating func enginePrepared(_ engine: Int, problem: String?) -> Preparation? {
    guard phase == .preparing else { return nil }
    if let problem { return .failed(problem) }
    preparedEngines.insert(engine)
    guard preparedEngines.count == engines else { return nil }
    phase = .ready
    return .ready
  }

  mutating func progressed(engine: Int, active: Int, mostActive: Int, iterations: Int64) {
    self.active[engine] = active
    self.mostActive[engine] = max(self.mostActive[engine] ?? 0, mostActive)
    self.iterations[engine] = iterations
  }

  /// So many clients of an engine have ended, in all.
  mutating func clientsEnded(engine: Int, count: Int) { endedClients[engine] = count }

  /// Whether an event is new: after a reconnect the latest ones are said again, in their order.
  mutating func eventArrived(_ id: Int64) -> Bool {
    guard id > lastEventID else { return false }
    lastEventID = id
    return true
  }

  mutating func batchArrived(_ batch: ResultBatch) {
    var batch = batch
    batch.samples.append(contentsOf: samples)
    samples = []
    spool.append(batch)
  }

  /// - Parameter sample: of the agent; the clients are filled in.
  mutating func sampled(_ sample: AgentSample) {
    guard phase == .running else { return }
    sampled(sample, clients: activeClients)
    // Clients that sleep for long make no batches that samples could travel with.
    if samples.count >= Self.samplesWaitingMax { batchArrived(ResultBatch()) }
  }

  private mutating func sampled(_ sample: AgentSample, clients: Int) {
    // What runs `setup` and `teardown` is no client of the test.
    guard !lease.script.isLife else { return }
    var sample = sample
    sample.activeClients = clients
    if !hasShownClients, clients > 0 {
      hasShownClients = true
      if let missed = beginning(before: sample) { samples.append(missed) }
    }
    samples.append(sample)
    mostActive = active
  }

  /// A sample for the interval in which the run began, when the first to tell of clients comes in
  /// the next.
  private func beginning(before sample: AgentSample) -> AgentSample? {
    let length = Limits.intervalMs * 1_000
    let boundary = sample.atMicros / length * length
    guard let startAtMicros, startAtMicros < boundary else { return nil }
    var missed = sample
    missed.atMicros = boundary - 1
    missed.activeClients = mostActive.values.reduce(0, +)
    return missed
  }

  /// A new goal; false when it is the present one.
  mutating func extended(to goal: LoadGoal) -> Bool {
    guard goal != self.goal else { return false }
    self.goal = goal
    goalVersion += 1
    endedEngines = []
    done = nil
    isDoneSent = false
    if phase == .over { phase = .running }
    return true
  }

  /// The last word of the run, when it is time to say it: `done` must not overtake results,
  /// which the window may hold back.
  mutating func takeDone() -> DoneMessage? {
    guard let done, !isDoneSent, spool.isSent else { return nil }
    isDoneSent = true
    return done
  }

  /// On a new link, everything from `seq` on is said again.
  mutating func resumed(from seq: Int) {
    spool.rewind(to: seq)
    isDoneSent = false
  }

  /// Clients of an engine have ended by then; those of others may end later.
  mutating func ended(atMicros: Int64) { endedAtMicros = max(endedAtMicros, atMicros) }

  /// All clients of an engine have ended. Returns true when that was the last engine.
  ///
  /// - Parameter sample: of the agent. The last one tells of the most clients since the one
  ///   before: that any were there must show however short it was.
  mutating func engineEnded(_ engine: Int, goalVersion: Int, sample: AgentSample) -> Bool {
    guard goalVersion == self.goalVersion else { return false }
    endedEngines.insert(engine)
    guard endedEngines.count == engines, done == nil else { return false }
    if phase == .running { sampled(sample, clients: mostActive.values.reduce(0, +)) }
    phase = .over
    if !samples.isEmpty { batchArrived(ResultBatch()) }
    done = DoneMessage(
      chunk: key.chunk, epoch: key.epoch, finalSeq: spool.lastSeq, rows: spool.rows,
      iterations: spool.iterations, digest: spool.digest, goal: goal)
    done?.endedAtMicros = endedAtMicros
    return true
  }
}
