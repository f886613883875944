import Foundation
import Shared

/// Batches such as a closed load over keep-alive connections makes them: latencies vary as those
/// of real servers do, every client goes on by itself, rows come in the order of their ends.
struct TrafficModel {
  var clients: Int
  var requestsPerIteration: Int
  /// Pause of a client between two iterations, microseconds.
  var sleepMicros: Int64
  /// Request and iteration rows in a batch.
  var rowsPerBatch: Int
  private var random = SplitMix(state: 1)

  init(clients: Int, requestsPerIteration: Int, sleepMicros: Int64, rowsPerBatch: Int) {
    self.clients = clients
    self.requestsPerIteration = requestsPerIteration
    self.sleepMicros = sleepMicros
    self.rowsPerBatch = rowsPerBatch
  }

  private struct Client {
    var index: Int
    var iteration: UInt32 = 0
    var step = 0
    var iterationStart: Int64
    var start: Int64
    var first: Int64
    var end: Int64
  }

  /// Batches with `count` requests in all.
  mutating func batches(requests count: Int) -> [ResultBatch] {
    // Sorted by end, the earliest last.
    var running = (0..<clients).map { index in
      client(index, iteration: 0, step: 0, at: 1_700_000_000_000_000 + Int64(index) * 1_000)
    }
    running.sort { $0.end > $1.end }
    var batches: [ResultBatch] = []
    var batch = empty()
    for _ in 0..<count {
      let done = running.removeLast()
      batch.requests.append(row(done))
      let next = following(done, into: &batch)
      running.insert(next, at: place(next.end, running))
      if batch.requests.count + batch.iterations.count >= rowsPerBatch - 1 {
        batches.append(batch)
        batch = empty()
      }
    }
    batches.append(batch)
    return batches
  }

  private func empty() -> ResultBatch {
    var batch = ResultBatch()
    batch.strings = ["GET", "text/html"]
    batch.strings += (0..<requestsPerIteration).map { "GET http://localhost:8081/stocks/\($0)" }
    return batch
  }

  private mutating func client(
    _ index: Int, iteration: UInt32, step: Int, at start: Int64, iterationStart: Int64? = nil
  ) -> Client {
    // Log-normal around 300 µs above a floor.
    let uniform = max(Double.random(in: 0..<1, using: &random), 1e-12)
    let angle = 2 * Double.pi * Double.random(in: 0..<1, using: &random)
    let latency = 150 + 300 * exp(0.5 * sqrt(-2 * log(uniform)) * cos(angle))
    let first = Int64(latency)
    return Client(
      index: index, iteration: iteration, step: step,
      iterationStart: iterationStart ?? start - Int64.random(in: 3...9, using: &random),
      start: start, first: first, end: start + first + Int64.random(in: 5...60, using: &random))
  }

  private mutating func row(_ client: Client) -> RequestRow {
    let isFirst = client.iteration == 0 && client.step == 0
    var row = RequestRow()
    row.startedAtMicros = client.start
    row.client = UInt32(client.index)
    row.iteration = client.iteration
    row.connection = UInt32(client.index)
    row.resource = UInt32(2 + client.step)
    row.contentType = 1
    row.dnsLookupMicros = isFirst ? Int32.random(in: 20...60, using: &random) : 0
    row.connectionOpenMicros = isFirst ? Int32.random(in: 80...200, using: &random) : 0
    row.firstReceivedMicros = Int32(client.first)
    row.connectionCloseMicros = Int32(client.end - client.start)
    row.bytesSent = 84
    row.bytesReceived = 238 + Int64(client.step * 100) + Int64.random(in: 0...3, using: &random)
    row.dataPacketsSent = 1
    row.dataPacketsReceived = 1
    row.status = 200
    row.success = true
    return row
  }

  private mutating func following(_ done: Client, into batch: inout ResultBatch) -> Client {
    let start = done.end + Int64.random(in: 5...25, using: &random)
    guard done.step + 1 == requestsPerIteration else {
      return client(
        done.index, iteration: done.iteration, step: done.step + 1, at: start,
        iterationStart: done.iterationStart)
    }
    let end = done.end + Int64.random(in: 1...6, using: &random)
    batch.iterations.append(
      IterationRow(
        startedAtMicros: done.iterationStart, durationMicros: end - done.iterationStart,
        client: UInt32(done.index), iteration: done.iteration, failed: false))
    return client(done.index, iteration: done.iteration + 1, step: 0, at: start + sleepMicros)
  }

  private func place(_ end: Int64, _ running: [Client]) -> Int {
    var (low, high) = (0, running.count)
    while low < high {
      let middle = (low + high) / 2
      if running[middle].end > end { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Random numbers that a seed reproduces (SplitMix64, Steele et al. 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
