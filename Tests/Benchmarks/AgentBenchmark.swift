import CLinux
import Foundation
import Shared
import TestSupport

/// CPU per request and memory per client of a real agent against a real nginx, with wrk side by
/// side where it is installed. nginx runs on core 0, the load generators on core 1.
enum AgentBenchmark {
  private static let rounds = 3
  private static let seconds = 8
  private static let clients = 50
  private static let idleClients = 10_000

  static func run() throws {
    let nginx = try NginxServer()
    try ProcessMeter.pin(nginx.processIdentifiers(), to: 0)
    let coordinator = try CoordinatorProcess()
    let agent = try AgentProcess(
      port: coordinator.agentPort, region: "bench", name: "bench", capacity: idleClients,
      ["--threads", "1"])
    let pid = agent.process.processIdentifier
    try ProcessMeter.pin([pid], to: 1)
    try measureCPU(nginx, coordinator, pid)
    try measureChecks(nginx, coordinator, pid)
    try measureMemory(nginx, coordinator, pid)
    try nginx.stop()
  }

  private static func measureCPU(
    _ nginx: NginxServer, _ coordinator: CoordinatorProcess, _ pid: Int32
  ) throws {
    var ours: [Double] = []
    var coordinators: [Double] = []
    var theirs: [Double] = []
    let server = coordinator.process.processIdentifier
    for _ in 0..<rounds {
      let before = try ProcessMeter.cpuMicros(pid)
      let coordinatorBefore = try ProcessMeter.cpuMicros(server)
      let count = try coordinator.execute(
        steps(nginx), clients: clients, #""durationSecs":\#(seconds)"#)
      ours.append(Double(try ProcessMeter.cpuMicros(pid) - before) / Double(count))
      coordinators.append(
        Double(try ProcessMeter.cpuMicros(server) - coordinatorBefore) / Double(count))
      if let sample = try wrk(nginx) { theirs.append(sample) }
    }
    print("agent: \(clients) clients, \(rounds) rounds of \(seconds) s, one engine thread")
    print("  agent CPU per request, recorded and streamed: \(Figures.describe(ours)) µs (≤ 35)")
    print("  coordinator CPU per request:                  \(Figures.describe(coordinators)) µs")
    if theirs.isEmpty {
      print("  wrk is not installed: no comparison")
    } else {
      print("  wrk CPU per request, nothing recorded:        \(Figures.describe(theirs)) µs")
      print("  ratio agent / wrk: \(Figures.round(Figures.median(ours) / Figures.median(theirs)))")
    }
  }

  /// What one check a request costs, in rounds that take turns with such without.
  private static func measureChecks(
    _ nginx: NginxServer, _ coordinator: CoordinatorProcess, _ pid: Int32
  ) throws {
    var costs: [[Double]] = [[], []]
    for round in 0..<2 * rounds {
      let isChecked = round % 2 == 1
      let before = try ProcessMeter.cpuMicros(pid)
      let count = try coordinator.execute(
        steps(nginx, isChecked: isChecked), clients: clients, #""durationSecs":\#(seconds)"#)
      costs[round % 2].append(Double(try ProcessMeter.cpuMicros(pid) - before) / Double(count))
    }
    let share = Figures.median(costs[1]) / Figures.median(costs[0]) - 1
    print("  with one check a request, each kept:          \(Figures.describe(costs[1])) µs")
    print("  the same without, in turns:                   \(Figures.describe(costs[0])) µs")
    print("  more CPU by it: \(Figures.round(share * 100)) % (≤ 3)")
  }

  private static func measureMemory(
    _ nginx: NginxServer, _ coordinator: CoordinatorProcess, _ pid: Int32
  ) throws {
    let before = try ProcessMeter.residentBytes(pid)
    // Two iterations with a long pause between: all clients sit on idle connections then.
    _ = try coordinator.execute(
      steps(nginx), clients: idleClients,
      #""iterations":2,"iterationSleepSecs":10,"rampupSecs":4"#)
    let perClient = Double(try ProcessMeter.peakBytes(pid) - before) / Double(idleClients) / 1_024
    print("agent: \(idleClients) clients with idle keep-alive connections")
    print("  resident memory per client: \(Figures.round(perClient)) KiB (≤ 25)")
  }

  private static func steps(_ nginx: NginxServer, isChecked: Bool = false) -> JSONObject {
    var request: JSONObject = ["request": .object(["url": .string(nginx.url + "/")])]
    if isChecked { request["check"] = .array([.object(["status": .int(200)])]) }
    return [
      "name": .string("bench"), "scriptType": .string("Steps"),
      "content": .object(["steps": .array([.object(request)])]),
    ]
  }

  /// CPU microseconds per request of wrk, or nil without wrk.
  private static func wrk(_ nginx: NginxServer) throws -> Double? {
    guard (try? ChildProcess.find("wrk")) != nil else { return nil }
    let before = throng_children_cpu_microseconds()
    let output = try ChildProcess.run(
      "taskset", ["-c", "1", "wrk", "-t1", "-c\(clients)", "-d\(seconds)s", nginx.url + "/"])
    let after = throng_children_cpu_microseconds()
    guard
      let line = output.split(separator: "\n").first(where: { $0.contains("requests in") }),
      let count = Double(line.split(separator: " ").first ?? "")
    else { throw TestFailure("wrk said: \(output)") }
    return Double(after - before) / count
  }
}
