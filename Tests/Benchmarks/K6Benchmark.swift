import CLinux
import Foundation
import Shared
import TestSupport

/// One JavaScript script in an agent and in a real k6, both on core 1, with the same nginx on
/// core 0: CPU per request, and memory per client.
enum K6Benchmark {
  private static let rounds = 3
  private static let seconds = 8
  private static let clients = 50
  private static let memoryClients = [1_000, 10_000]

  private static let script = """
    import http from 'k6/http';
    import { check } from 'k6';

    export default function () {
      const res = http.get(`${__ENV.BASE_URL}/`);
      check(res, { 'status is 200': (r) => r.status === 200 });
    }

    """

  /// The same with a pause, so that all clients are there at once.
  private static let idleScript =
    script
    .replacing("import { check }", with: "import { check, sleep }")
    .replacing("200 });\n", with: "200 });\n  sleep(8);\n")

  static func run() throws {
    guard let k6 = k6Path() else {
      throw TestFailure("k6 is neither in PATH nor named by THRONG_K6")
    }
    let nginx = try NginxServer()
    try ProcessMeter.pin(nginx.processIdentifiers(), to: 0)
    let directory = try TemporaryDirectory()
    let program = K6(
      path: k6, script: try directory.write("k.js", script),
      idleScript: try directory.write("idle.js", idleScript), target: nginx.url)
    try measureCPU(nginx, program)
    for count in memoryClients { try measureMemory(nginx, program, clients: count) }
    try nginx.stop()
  }

  private static func k6Path() -> String? {
    if let named = ProcessInfo.processInfo.environment["THRONG_K6"] { return named }
    return try? ChildProcess.find("k6")
  }

  private static func measureCPU(_ nginx: NginxServer, _ k6: K6) throws {
    let coordinator = try CoordinatorProcess()
    let agent = try agent(coordinator, capacity: clients)
    let pid = agent.process.processIdentifier
    var ours: [Double] = []
    var theirs: [Double] = []
    let startUp = try k6.cpuMicros(["--vus", "\(clients)", "--iterations", "\(clients)"]).cpu
    for _ in 0..<rounds {
      let before = try ProcessMeter.cpuMicros(pid)
      let count = try coordinator.execute(
        code(script, nginx), clients: clients, #""durationSecs":\#(seconds)"#)
      ours.append(Double(count) * 1e6 / Double(try ProcessMeter.cpuMicros(pid) - before))
      let sample = try k6.cpuMicros(["--vus", "\(clients)", "--duration", "\(seconds)s"])
      theirs.append(Double(sample.requests - clients) * 1e6 / Double(sample.cpu - startUp))
    }
    let ratio = Figures.median(ours) / Figures.median(theirs)
    print("k6: one get and one check, \(clients) clients, \(rounds) rounds of \(seconds) s")
    print("  agent requests per CPU-second:                   \(Figures.describe(ours))")
    print("  k6 requests per CPU-second, its start taken off: \(Figures.describe(theirs))")
    print("  ratio agent / k6: \(Figures.round(ratio)) (≥ 2.5)")
  }

  private static func measureMemory(
    _ nginx: NginxServer, _ k6: K6, clients: Int
  ) throws {
    let coordinator = try CoordinatorProcess()
    let agent = try agent(coordinator, capacity: clients)
    let pid = agent.process.processIdentifier
    let before = try ProcessMeter.residentBytes(pid)
    _ = try coordinator.execute(code(idleScript, nginx), clients: clients, #""iterations":2"#)
    let ours = Double(try ProcessMeter.peakBytes(pid) - before) / Double(clients) / 1_024
    // What k6 has without clients is taken off, as it is of the agent.
    let alone = try k6.peakBytes(clients: 1)
    let theirs = Double(try k6.peakBytes(clients: clients) - alone) / Double(clients - 1) / 1_024
    print("k6: \(clients) clients, each with a request, a check and a pause of 8 s")
    print("  agent memory per client: \(Figures.round(ours)) KiB")
    print("  k6 memory per client:    \(Figures.round(theirs)) KiB")
    print("  ratio agent / k6: \((ours / theirs * 100).rounded() / 100) (≤ 0.67)")
  }

  private static func agent(
    _ coordinator: CoordinatorProcess, capacity: Int
  ) throws -> AgentProcess {
    let agent = try AgentProcess(
      port: coordinator.agentPort, region: "bench", name: "bench", capacity: capacity,
      ["--threads", "1"])
    try ProcessMeter.pin([agent.process.processIdentifier], to: 1)
    return agent
  }

  private static func code(_ source: String, _ nginx: NginxServer) -> JSONObject {
    let source = source.replacing("${__ENV.BASE_URL}", with: nginx.url)
    return [
      "name": .string("bench"), "scriptType": .string("Code"), "content": .string(source),
    ]
  }
}

/// A real k6.
struct K6 {
  var path: String
  var script: String
  var idleScript: String
  var target: String

  private var common: [String] {
    ["-q", "--no-usage-report", "--address", "", "-e", "BASE_URL=\(target)"]
  }

  /// CPU microseconds of a whole run on one core, and its requests.
  func cpuMicros(_ load: [String]) throws -> (cpu: Int64, requests: Int) {
    let directory = try TemporaryDirectory()
    let json = directory.file("summary.json")
    let before = throng_children_cpu_microseconds()
    let child = try ChildProcess(
      executable: try ChildProcess.find("taskset"),
      ["-c", "1", path, "run"] + load + common + ["--summary-export", json, script],
      environment: ["GOMAXPROCS": "1"])
    guard try child.waitForExit(seconds: 120) == 0 else {
      throw TestFailure("k6: \(child.errors)")
    }
    let cpu = throng_children_cpu_microseconds() - before
    let summary = try JSONValue.parse(text: directory.read("summary.json"))
    let metrics = summary.objectValue?["metrics"]?.objectValue
    guard case .int(let count)? = metrics?["http_reqs"]?.objectValue?["count"] else {
      throw TestFailure("k6 has counted no requests")
    }
    return (cpu, Int(count))
  }

  /// The most that a run of two iterations for each client had resident.
  func peakBytes(clients: Int) throws -> Int64 {
    let child = try ChildProcess(
      executable: path,
      ["run", "--vus", "\(clients)", "--iterations", "\(2 * clients)"] + common + [idleScript])
    var peak: Int64 = 0
    // It is gone once it has ended, so it is asked all the time.
    try Poll.until("k6 has ended", seconds: 180) {
      peak = max(peak, (try? ProcessMeter.peakBytes(child.processIdentifier)) ?? 0)
      return !child.isRunning
    }
    guard try child.waitForExit() == 0, peak > 0 else { throw TestFailure("k6: \(child.errors)") }
    return peak
  }
}
