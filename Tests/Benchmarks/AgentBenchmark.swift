import CLinux
import Foundation
import Glibc
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
    try pin(nginx.processIdentifiers(), to: 0)
    let coordinator = try CoordinatorProcess()
    let agent = try AgentProcess(
      port: coordinator.agentPort, region: "bench", name: "bench", capacity: idleClients,
      ["--threads", "1"])
    let pid = agent.process.processIdentifier
    try pin([pid], to: 1)
    try measureCPU(nginx, coordinator, pid)
    try measureMemory(nginx, coordinator, pid)
    try nginx.stop()
  }

  private static func measureCPU(
    _ nginx: NginxServer, _ coordinator: CoordinatorProcess, _ pid: Int32
  ) throws {
    var ours: [Double] = []
    var coordinators: [Double] = []
    var theirs: [Double] = []
    for _ in 0..<rounds {
      let before = try cpuMicros(pid)
      let coordinatorBefore = try cpuMicros(coordinator.process.processIdentifier)
      let count = try execute(
        coordinator, clients: clients, #""durationSecs":\#(seconds)"#, nginx.url + "/")
      ours.append(Double(try cpuMicros(pid) - before) / Double(count))
      coordinators.append(
        Double(try cpuMicros(coordinator.process.processIdentifier) - coordinatorBefore)
          / Double(count))
      if let sample = try wrk(nginx) { theirs.append(sample) }
    }
    print("agent: \(clients) clients, \(rounds) rounds of \(seconds) s, one engine thread")
    print("  agent CPU per request, recorded and streamed: \(describe(ours)) µs (≤ 35)")
    print("  coordinator CPU per request:                  \(describe(coordinators)) µs")
    if theirs.isEmpty {
      print("  wrk is not installed: no comparison")
    } else {
      print("  wrk CPU per request, nothing recorded:        \(describe(theirs)) µs")
      print("  ratio agent / wrk: \(round(median(ours) / median(theirs)))")
    }
  }

  private static func measureMemory(
    _ nginx: NginxServer, _ coordinator: CoordinatorProcess, _ pid: Int32
  ) throws {
    let before = try residentBytes(pid)
    // Two iterations with a long pause between: all clients sit on idle connections then.
    let execution = try start(
      coordinator, clients: idleClients,
      #""iterations":2,"iterationSleepSecs":10,"rampupSecs":4"#, nginx.url + "/")
    try wait(coordinator, execution)
    let perClient = Double(try peakBytes(pid) - before) / Double(idleClients) / 1_024
    print("agent: \(idleClients) clients with idle keep-alive connections")
    print("  resident memory per client: \(round(perClient)) KiB (≤ 25)")
  }

  // MARK: executions

  private static func execute(
    _ coordinator: CoordinatorProcess, clients: Int, _ goal: String, _ url: String
  ) throws -> Int64 {
    let id = try start(coordinator, clients: clients, goal, url)
    try wait(coordinator, id)
    let summary = try coordinator.http.get("/executions/\(id)/summary").json()
    guard case .int(let count)? = summary.objectValue?["count"], count > 0 else {
      throw TestFailure("execution \(id) has no results")
    }
    return count
  }

  private static func start(
    _ coordinator: CoordinatorProcess, clients: Int, _ goal: String, _ url: String
  ) throws -> Int64 {
    let body = """
      {"name":"bench","regions":[{"name":"bench","concurrentClients":\(clients)}],\(goal),
       "script":{"name":"bench","scriptType":"Steps",
                 "content":"{\\"steps\\":[{\\"request\\":{\\"url\\":\\"\(url)\\"}}]}"}}
      """
    let response = try coordinator.http.send("POST", "/start", body: body)
    guard case .int(let id)? = try response.json().objectValue?["id"] else {
      throw TestFailure("not started: \(response.text)")
    }
    return id
  }

  /// Returns once the coordinator's log says that the execution has completed.
  private static func wait(_ coordinator: CoordinatorProcess, _ id: Int64) throws {
    try coordinator.process.waitForLine(
      containing: "Test completed execution=\(id)", in: .errors, seconds: 120)
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

  // MARK: processes

  private static func pin(_ processes: [Int32], to core: Int) throws {
    for process in processes {
      // All threads, those that exist already too.
      _ = try ChildProcess.run("taskset", ["-a", "-cp", "\(core)", "\(process)"])
    }
  }

  /// User and system time so far (proc(5), fields 14 and 15 of stat, in clock ticks).
  private static func cpuMicros(_ process: Int32) throws -> Int64 {
    let fields = try read("/proc/\(process)/stat").split(separator: " ")
    guard fields.count > 14, let user = Int64(fields[13]), let system = Int64(fields[14]) else {
      throw TestFailure("cannot read the CPU time of process \(process)")
    }
    return (user + system) * 1_000_000 / Int64(sysconf(Int32(_SC_CLK_TCK)))
  }

  private static func residentBytes(_ process: Int32) throws -> Int64 {
    let fields = try read("/proc/\(process)/statm").split(separator: " ")
    guard fields.count > 1, let pages = Int64(fields[1]) else {
      throw TestFailure("cannot read the memory of process \(process)")
    }
    return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// The most that was ever resident (proc(5), VmHWM in status).
  private static func peakBytes(_ process: Int32) throws -> Int64 {
    let lines = try read("/proc/\(process)/status").split(separator: "\n")
    guard let line = lines.first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({
        Int64($0)
      })
    else { throw TestFailure("cannot read the peak memory of process \(process)") }
    return kibibytes * 1_024
  }

  private static func read(_ path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TestFailure("cannot read \(path)")
    }
    return String(decoding: data, as: UTF8.self)
  }

  // MARK: numbers

  private static func median(_ values: [Double]) -> Double {
    values.sorted()[values.count / 2]
  }

  private static func round(_ value: Double) -> Double { (value * 10).rounded() / 10 }

  private static func describe(_ values: [Double]) -> String {
    "\(round(median(values))) (\(round(values.min() ?? 0)) – \(round(values.max() ?? 0)))"
  }
}
