/// Every bound of the system, with its unit and why it is what it is.
public enum Limits {
  /// Longest line of the agent link, bytes: 4,096 rows of at most 200 bytes, with room.
  public static let lineBytesMax = 1 << 20
  /// Longest line that an agent takes, bytes: a grant carries a script and its parameters.
  public static let coordinatorLineBytesMax = 64 << 20
  /// Longest line before a join is accepted, bytes: a stranger may not make us buffer much.
  public static let lineBytesBeforeJoinMax = 4 << 10
  /// Milliseconds from accepting a connection to a valid join.
  public static let joinTimeoutMs = 2_000
  /// Connections of the agent link that have not joined: as many agents may be started at once.
  public static let strangersMax = 512
  /// Rows in a batch, requests and iterations together.
  public static let batchRowsMax = 4_096
  /// Milliseconds a row waits before its batch is sent.
  public static let batchDelayMsMax = 500
  /// Bytes of a batch's text after which it is closed: half a line, for the strings' sake.
  public static let batchBytesMax = lineBytesMax / 2
  /// Batches unacknowledged per run.
  public static let windowBatches = 32
  /// Bytes unacknowledged per run.
  public static let windowBytes = 8 << 20
  public static let heartbeatMs = 2_000
  /// Milliseconds after which an agent that says nothing is taken off: three heartbeats are
  /// missed, and half of one is room for a busy machine.
  public static let silenceMs = heartbeatMs * 7 / 2
  /// A lease survives seven lost heartbeats.
  public static let leaseTtlMs = 15_000
  /// Added on the coordinator's side, so that the agent always gives up first.
  public static let leaseGraceMs = 3_000
  /// Milliseconds a group of batches waits for company before its commit.
  public static let commitDelayMsMax = 100
  /// Bytes of batches after which a group is committed at once.
  public static let commitBytesMax = 8 << 20
  /// From `begin` to the agreed start: several round trips of a slow link.
  public static let startLeadMs = 500
  /// Seconds that running iterations get after a stop.
  public static let stopGraceSecs = 10.0
  /// Seconds that iterations get that run when the test's duration ends (k6: gracefulStop).
  public static let durationEndGraceSecs = 30.0
  /// Bytes of unacknowledged results per agent process at which new iterations wait.
  public static let spoolBytesMax = 256 << 20
  /// Seconds that SIGTERM may take.
  public static let drainSecs = 20.0
  /// Cookies in a jar: what browsers keep in all (RFC 6265 6.1).
  public static let cookiesPerJarMax = 3_000
  /// Bytes of names, values, paths and domains in a jar: four heads of responses, full of them.
  public static let cookieJarBytesMax = 1 << 20
  /// Milliseconds of an aggregation interval.
  public static let intervalMs: Int64 = 10_000
  /// Pass/fail criteria of one test: each is judged every second.
  public static let limitsPerTestMax = 100
  /// Milliseconds between two judgements of an execution's limits.
  public static let limitCheckMs: Int64 = 1_000
  /// Judging waits for this many times as long as the last one took: at most 2 % of a core go to
  /// it, and at most so much of the time the ingester waits for it.
  public static let limitCheckPauseFactor: Int64 = 49
  /// Seconds from the start before which a rate per second is not judged: results are up to a
  /// second late, so over ten seconds it may be a tenth too low.
  public static let limitRateSecsMin = 10.0
  /// Bytes of a REST request's body; scripts are the largest.
  public static let requestBodyBytesMax = 16 << 20
  /// Times its bytes that a JSON text from outside may take in memory: what people write takes two
  /// to five times as much, an array of digits would take 36.
  public static let jsonCostFactorMax = 8
  /// Bytes that it may take in any case: thirty such texts at once are of no consequence.
  public static let jsonCostFree = 4 << 20
  /// Bytes of all such bodies that are read or worked on at once: parsed, they take up to eight
  /// times as much memory.
  public static let bodyBytesUnderWayMax = 48 << 20
  /// Connections of one address that wait for a request or the rest of one: more than browsers
  /// and tools of one machine keep open, a quarter of what there is for all.
  public static let waitingConnectionsPerAddressMax = 256
  public static let waitingConnectionsMax = 1_024
  /// Event streams of one address: a wall of screens behind one proxy.
  public static let streamsPerAddressMax = 256
  /// Long answers that one address is sent at once: each holds up to 160 KiB, and a connection,
  /// for as long as its client reads.
  public static let downloadsPerAddressMax = 128
  /// Bytes from which an answer is long: shorter ones mostly fit into a socket's buffer.
  public static let downloadBytesMin = 256 << 10
  /// Distinct resources per run of a chunk; the rest is counted as `(other)`.
  public static let resourcesPerLeaseMax = 10_000
  /// Clients of one execution.
  public static let clientsPerExecutionMax = 10_000_000
  public static let iterationsMax = 1_000_000_000
  /// A year.
  public static let durationSecsMax = 366.0 * 86_400
  /// Stages of a load: a day in steps of a minute and a half; each wake of a client walks them.
  public static let loadStagesMax = 1_000
  /// Iterations begun per second in all: more than any target takes, and counts stay exact.
  public static let arrivalsPerSecMax = 10_000_000.0
  /// Milliseconds after which a stream of events says something although nothing happens: proxies
  /// close what is silent for a minute, and only by sending it shows that a client is gone.
  public static let eventHeartbeatMs = 15_000
  /// Log entries kept per execution.
  public static let logEntriesPerExecutionMax = 100_000

  // What clients share across agents.

  /// Characters of the name of a barrier, an event, a metric or a data table.
  public static let sharedNameLengthMax = 255
  /// Different barriers of an execution: the coordinator keeps the round of each.
  public static let barriersPerExecutionMax = 1_000
  /// Rounds of one barrier that clients wait in at once; mostly there is one.
  public static let barrierRoundsMax = 1_000
  /// Milliseconds between heartbeats that say early that clients have ended: others may wait.
  public static let endedHeartbeatMs = 50
  /// Bytes of an event's contents, as JSON.
  public static let eventContentsBytesMax = 64 << 10
  /// Seconds for which events are kept for runs whose link is down: longer than a lease lasts
  /// without one.
  public static let eventKeepSecs = 60
  /// Events within that time; more are refused, because nothing may be lost unsaid.
  public static let eventsKeptMax = 1_000
  public static let eventBytesKeptMax = 8 << 20
  /// Bytes of a data table: an upload goes to the disk, never into memory as a whole.
  public static let tableBytesMax = 16 << 30
  /// Bytes of one row of a data table: a block of rows must fit a line of the agent link.
  public static let tableRowBytesMax = 64 << 10
  /// Columns of a data table: a row is a list of that many texts.
  public static let tableColumnsMax = 1_000
  /// Bad rows of an upload that are named before the rest of it is no longer looked at.
  public static let tableErrorsMax = 100
  /// Rows of a data table that travel at once: several clients' worth, a few kilobytes.
  public static let tableBlockRowsMax = 64
  /// Bytes of rows that travel at once, as far as one row is not longer.
  public static let tableBlockBytesMax = 64 << 10
  /// Blocks of a data table that a run waits for at once: with wide rows a link has to carry
  /// all of them.
  public static let tableBlocksAskedMax = 64
  /// Bytes of a data table's rows that a run keeps in memory for its clients.
  public static let tableCacheBytesMax = 32 << 20
  /// Bytes of them that each engine thread keeps at hand: what clients read again and again.
  public static let tableThreadCacheBytesMax = 4 << 20
  // What scripts send beside requests. A line of the link carries about half a MiB of it, and one
  // record must fit into a line even when every byte of it is escaped.

  /// Bytes of a log entry's or a failed test's text; stack traces fit, responses do not.
  public static let logMessageBytesMax = 4_096
  /// Log entries of scripts that one engine thread passes on per run and minute: far more than
  /// anyone reads, far less than what a loop writes.
  public static let scriptLogEntriesPerMinute = 1_000
  /// Different runtime errors of a script that are told one by one, per run and engine thread.
  public static let scriptErrorsMax = 100
  /// Seconds over which repetitions of a runtime error are counted before they are told.
  public static let scriptErrorRepeatSecs = 10
  /// Different names of checks per run and engine thread; the rest is counted as `(other)`.
  public static let checkNamesPerRunMax = 1_000
  /// Custom metrics per run and engine thread, each of its resources counted.
  public static let metricSeriesPerRunMax = 1_000
  /// Different keys of a histogram metric; the rest is counted as `(other)`.
  public static let metricKeysMax = 500
  /// Bytes of a key: what is longer is a text, not a key, and is cut.
  public static let metricKeyBytesMax = 255
  public static let suiteNameBytesMax = 255
  /// Id of the first check of a store: above all ids of suite results, that no two assertions share
  /// an id. 2⁴⁰ results of suites would take a hundred terabytes.
  public static let firstAssertionID: Int64 = 1 << 40
  /// Raw suite results kept per execution: 150 bytes each at rest.
  public static let suiteResultsPerExecutionMax = 1_000_000
  /// Tests, or ways to fail, that a summary of suites names: scripts may make names up.
  public static let suiteGroupsMax = 10_000
  public static let fileNameBytesMax = 255
  /// Bytes of one part of an output file: 256 KiB in base64.
  public static let filePartBytesMax = 192 << 10
  /// Bytes of one output file.
  public static let fileBytesMax = 64 << 20
  public static let filesPerExecutionMax = 1_000
  /// Bytes of all output files of an execution.
  public static let fileBytesPerExecutionMax = 256 << 20
  /// Pixels of an image that is decoded, those of a frame of 8K: 133 MB at four bytes each.
  public static let imagePixelsMax = 7_680 * 4_320
  /// Pixels of a thumbnail's longer side.
  public static let thumbnailSideMax = 320
  /// Seconds that reading an image may take: small files can ask for a lot of work.
  public static let thumbnailSecsMax = 3.0
  public static let comparedImageSecsMax = 10.0
  /// Bytes of a trace's packets as JSON.
  public static let traceBytesMax = 256 << 10
  public static let tracesPerExecutionMax = 10_000
  /// Bytes of all traces of an execution, compressed.
  public static let traceBytesPerExecutionMax = 256 << 20
  /// Traces of one resource, outcome and minute that a test can ask for.
  public static let tracesPerMinuteMax = 60
  /// Resources of which each is sure of a trace a minute, per run and engine thread: URLs without
  /// end are not.
  public static let tracedResourcesMax = 200
  /// Microseconds between two requests that are captured in the hope of something worth a trace,
  /// per run and engine thread: ten a second take about a thousandth of a core.
  public static let traceProbeMicros: Int64 = 100_000
  /// Failures of an interval that leave a trace, whatever traces there are of their kind.
  public static let traceFailuresPerInterval = 3
  /// Bytes of the body of a packet of a trace: in base64, two of them fit `traceBytesMax`.
  public static let packetBodyBytesMax = 64 << 10
  /// Bytes of the headers of a packet of a trace.
  public static let packetHeadBytesMax = 16 << 10
  /// Packets of a trace: an exchange has one each way, and more when libcurl tries again.
  public static let packetsPerTraceMax = 32
  /// Names of secrets of one test: texts are searched for the value of each.
  public static let secretsPerTestMax = 100
  /// Bytes of the value of a secret: long tokens fit.
  public static let secretBytesMax = 8 << 10
  public static let valueNameBytesMax = 255
  /// Bytes of a named value as JSON, such as what `setup()` returns.
  public static let valueBytesMax = 256 << 10
  /// Bytes of what `setup()` returns, as JSON: a grant carries it to every agent, twice as long at
  /// most by escapes, beside a script of 4 MiB, in a line of 64 MiB. Every client has a copy.
  public static let setupBytesMax = 16 << 20
  /// Bytes of one part of it: as JSON within JSON it is four times as long at most, which is what
  /// a value may have.
  public static let setupPartBytesMax = valueBytesMax / 4
  /// Bytes of one record in a line, escapes counted: half a line.
  public static let recordBytesMax = lineBytesMax / 2

  // Steps scripts: far above what people write, low enough that parsing stays on the stack.

  /// Steps of a script in all, and how deep `repeat` and `if` nest.
  public static let stepsPerScriptMax = 10_000
  public static let stepsDepthMax = 16
  public static let stepsChecksPerRequestMax = 100
  /// Headers or form fields of one request: lookups in them are linear.
  public static let stepsFieldsPerRequestMax = 1_000
  /// Distinct variables of a script: every client has a place for each.
  public static let stepsVariablesMax = 1_000
  /// Errors named at once: an answer stays readable, and small.
  public static let validationErrorsMax = 1_000
  public static let stepsPathElementsMax = 64
  public static let stepsConditionLengthMax = 10_000
  /// Operators and parentheses of one condition: its tree is walked recursively.
  public static let stepsConditionOperatorsMax = 100
  /// Characters of a URL, a header's value and the like: what servers take, with room.
  public static let stepsTextLengthMax = 64 << 10
  public static let stepsCheckNameLengthMax = 200
  /// Milliseconds that a step waits for an event when it does not say how long.
  public static let stepsEventTimeoutMs = 60_000
  /// A day, for pauses and timeouts.
  public static let stepsSleepMsMax = 86_400_000

  // Code scripts.

  /// Milliseconds that a script may hold its engine thread without waiting for anything.
  public static let scriptTimeoutMs = 5_000
  /// Bytes by which the process may grow while a script holds its thread.
  public static let scriptGrowthBytesMax: Int64 = 512 << 20
  /// Bytes of a Code script: bundles with several libraries have about one million.
  public static let scriptSourceBytesMax = 4 << 20
  /// Milliseconds that compiling a script may take; large libraries take two seconds.
  public static let scriptCompileMsMax = 5_000
  /// Bytes of stack for compiling: the parser calls itself once per level of nesting.
  public static let scriptCompileStackBytes = 16 << 20
  /// Bytes of all texts that a script's `handleSummary` returns: reports in HTML have about one
  /// million.
  public static let ownSummaryBytesMax = 16 << 20
  /// Problems of a script named at once.
  public static let scriptProblemsMax = 50
}
