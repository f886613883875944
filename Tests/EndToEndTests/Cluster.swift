import Shared
import TestSupport

/// Real processes of one test: a coordinator, its agents, and nginx as the target.
final class Cluster {
  struct Member {
    var region: String
    var name: String
    var capacity: Int?

    init(_ region: String, _ name: String, capacity: Int? = nil) {
      self.region = region
      self.name = name
      self.capacity = capacity
    }
  }

  static let single = [Member("eu-west", "solo")]
  /// Two regions, the first of which needs both of its agents for 6 clients.
  static let threeAgents = [
    Member("eu-west", "eu-1", capacity: 4), Member("eu-west", "eu-2", capacity: 4),
    Member("us-east", "us-1"),
  ]

  let nginx: NginxServer
  let coordinator: CoordinatorProcess
  private(set) var agents: [AgentProcess] = []
  var http: HTTPClient { coordinator.http }

  /// - Parameters:
  ///   - proxy: the agents connect through it when it is given the coordinator's port.
  ///   - clocks: of the coordinator and of the agents, when they are to be set.
  init(
    _ members: [Member] = Cluster.single, dataDirectory: String? = nil,
    through proxy: ((UInt16) throws -> UInt16)? = nil,
    clocks: (coordinator: SettableClock, agents: SettableClock)? = nil
  ) throws {
    nginx = try NginxServer()
    coordinator = try CoordinatorProcess(
      dataDirectory: dataDirectory, environment: clocks?.coordinator.environment ?? [:])
    let port = try proxy?(coordinator.agentPort) ?? coordinator.agentPort
    for member in members {
      agents.append(
        try AgentProcess(
          port: port, region: member.region, name: member.name, capacity: member.capacity,
          environment: clocks?.agents.environment ?? [:]))
    }
  }

  /// Starts an execution with `POST /start`.
  ///
  /// - Parameters:
  ///   - steps: the elements of the script's `steps`, as JSON.
  ///   - settings: further members of the configuration, as JSON without braces.
  func start(
    steps: String, regions: [(String, Int)] = [("eu-west", 4)], _ settings: String
  ) throws -> Execution {
    try start(
      script: "{\"scriptType\":\"Steps\",\"content\":{\"steps\":[\(steps)]}}", regions, settings)
  }

  /// The same with the source of a `Code` script.
  func start(
    code: String, regions: [(String, Int)] = [("eu-west", 4)], _ settings: String
  ) throws -> Execution {
    let script = JSONValue.object(["scriptType": .string("Code"), "content": .string(code)])
    return try start(script: script.text, regions, settings)
  }

  private func start(
    script: String, _ regions: [(String, Int)], _ settings: String
  ) throws -> Execution {
    let shares = regions.map { "{\"name\":\"\($0.0)\",\"concurrentClients\":\($0.1)}" }
    let response = try http.send(
      "POST", "/start",
      body: """
        {"script":\(script),"regions":[\(shares.joined(separator: ","))],\(settings)}
        """)
    guard response.status == 201, let id = try response.json()["id"]?.intValue else {
      throw TestFailure("POST /start: \(response.status) \(response.text)")
    }
    return Execution(id: id, coordinator: coordinator)
  }

  /// A step that gets `path` from nginx.
  func get(_ path: String, name: String? = nil) -> String {
    let name = name.map { ",\"name\":\"\($0)\"" } ?? ""
    return "{\"request\":{\"url\":\"\(nginx.url)\(path)\"\(name)}}"
  }
}

/// One execution, as the REST API shows it.
struct Execution {
  var id: Int
  var coordinator: CoordinatorProcess

  private var http: HTTPClient { coordinator.http }

  /// The JSON below `/executions/ID`.
  func get(_ path: String = "") throws -> JSONValue {
    let response = try http.get("/executions/\(id)\(path)")
    guard response.status == 200 else {
      throw TestFailure("GET \(path): \(response.status) \(response.text)")
    }
    return try response.json()
  }

  @discardableResult
  func send(_ method: String, _ path: String, body: String? = nil, expect: Int = 200) throws
    -> JSONValue
  {
    let response = try http.send(method, "/executions/\(id)\(path)", body: body)
    guard response.status == expect else {
      throw TestFailure("\(method) \(path): \(response.status) \(response.text)")
    }
    return try response.json()
  }

  func count() throws -> Int {
    let summary = try get("?down=false&includeScript=false")["summary"]
    return summary?["count"]?.intValue ?? 0
  }

  func results() throws -> CSVReader {
    let response = try http.get("/executions/\(id)/results.csv")
    guard response.status == 200 else {
      throw TestFailure("results.csv: \(response.status) \(response.text)")
    }
    return try CSVReader(response.text)
  }

  /// The text of its log.
  func log() throws -> String { try http.get("/executions/\(id)/logs.txt").text }

  func waitUntilCount(_ atLeast: Int) throws {
    try Poll.until("\(atLeast) results of execution \(id)") { try count() >= atLeast }
  }

  func waitUntilRunning() throws {
    try coordinator.process.waitForLine(
      containing: "Testing is underway execution=\(id)", in: .errors)
  }

  /// Waits for the end and answers the whole execution.
  @discardableResult
  func waitUntilCompleted(seconds: Double = 60) throws -> JSONValue {
    try coordinator.process.waitForLine(
      containing: "Test completed execution=\(id)", in: .errors, seconds: seconds)
    // The log line is written inside the transaction that stores what it says.
    try Poll.until("completed", seconds: 5) {
      try get("?down=false&includeSummary=false")["completed"]?.boolValue == true
    }
    return try get()
  }
}
