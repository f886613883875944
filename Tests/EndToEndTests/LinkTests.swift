import Foundation
import Shared
import TestSupport
import XCTest

/// The link between agents and coordinator: cut, abused, lost.
final class LinkTests: XCTestCase {
  func test_linkCutMidRun_losesAndRepeatsNothing() throws {
    var proxies: [FaultProxy] = []
    let cluster = try Cluster(Cluster.threeAgents) { port in
      proxies.append(try FaultProxy(to: port))
      return proxies[0].port
    }
    let proxy = proxies[0]
    let execution = try cluster.start(
      steps: cluster.get("/"), regions: [("eu-west", 6), ("us-east", 3)],
      "\"durationSecs\":8,\"iterationSleepSecs\":0.01")
    try execution.waitUntilCount(50)
    // Once for a moment, once for as long as it takes every agent to be refused.
    try proxy.cut()
    try Poll.until("all agents are back") { try proxy.connections() >= 6 }
    let before = try execution.count()
    try execution.waitUntilCount(before + 50)
    try proxy.cut(refusing: true)
    try Poll.until("agents were refused") { try proxy.refusals() >= 3 }
    try proxy.restore()
    let record = try execution.waitUntilCompleted()
    XCTAssertNil(record["failure"]?.stringValue)
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    let perIteration = try accounting.perIteration()
    XCTAssert(perIteration.values.allSatisfy { $0 == 1 }, "an iteration was counted twice")
    for (client, done) in try accounting.iterationsPerClient() {
      XCTAssertEqual(done, Set(0..<done.count), "client \(client) misses one")
    }
  }

  func test_slowLink_losesNothing() throws {
    var proxies: [FaultProxy] = []
    let cluster = try Cluster { port in
      proxies.append(try FaultProxy(to: port))
      try proxies[0].delay(milliseconds: 150)
      return proxies[0].port
    }
    let execution = try cluster.start(steps: cluster.get("/"), "\"iterations\":100")
    try execution.waitUntilCompleted()
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    XCTAssertEqual(accounting.log.count, 400)
  }

  func test_agentKilled_failsTheExecutionByName() throws {
    let cluster = try Cluster([.init("eu-west", "victim")])
    let execution = try cluster.start(
      steps: cluster.get("/"), "\"durationSecs\":600,\"iterationSleepSecs\":0.01")
    try execution.waitUntilCount(20)
    cluster.agents[0].process.send(signal: SIGKILL)
    let record = try execution.waitUntilCompleted(seconds: 40)
    XCTAssert(record["failure"]?.stringValue?.contains("victim") == true)
    XCTAssert(try execution.log().contains("ERROR Lost agent victim"))
    XCTAssertEqual(try execution.results().rows.count, try execution.count())
  }

  func test_oversizedLine_isRefusedByName() throws {
    let coordinator = try CoordinatorProcess()
    let answer = try abuse(coordinator, Array(repeating: UInt8(ascii: "a"), count: 8_000))
    XCTAssertEqual(answer["code"]?.stringValue, "lineTooLong")
    XCTAssertEqual(answer["fatal"]?.boolValue, true)
  }

  func test_wrongProtocolVersion_isRefusedByName() throws {
    let coordinator = try CoordinatorProcess()
    let join = """
      {"type":"join","protocol":99,"agentId":"a","bootNo":1,"spoolId":"s","name":"n",\
      "region":"r","labels":{},"capacity":1,"version":"0","resume":[]}

      """
    let answer = try abuse(coordinator, Array(join.utf8))
    XCTAssertEqual(answer["code"]?.stringValue, "version")
    XCTAssertEqual(answer["fatal"]?.boolValue, true)
    XCTAssert(answer["message"]?.stringValue?.contains("99") == true)
  }

  func test_garbage_isRefused_andAgentsStillJoin() throws {
    let coordinator = try CoordinatorProcess()
    for (line, code) in [
      ("GET / HTTP/1.1\r\n\r\n", "malformed"), ("{\"type\":\"heartbeat\"}\n", nil),
      ("{\"type\":\"nonsense\"}\n", "notJoined"), ("\u{0}\u{1}\u{2}\n", "malformed"),
      ("[[[[[[[[\n", "malformed"),
    ] {
      let answer = try abuse(coordinator, Array(line.utf8))
      XCTAssertEqual(answer["type"]?.stringValue, "error", line)
      if let code { XCTAssertEqual(answer["code"]?.stringValue, code, line) }
    }
    let agent = try AgentProcess(port: coordinator.agentPort, region: "eu", name: "late")
    let agents = try coordinator.http.get("/agents").json()
    XCTAssertEqual(agents[0]?["name"]?.stringValue, agent.name)
    XCTAssert(coordinator.process.isRunning)
  }

  func test_silentConnection_isClosedAfterTwoSeconds() throws {
    let coordinator = try CoordinatorProcess()
    let stream = try TCPStream(port: coordinator.agentPort, seconds: 10)
    _ = try stream.readLine()
    let began = Clock.monotonicNanos()
    XCTAssert(stream.waitUntilClosed())
    XCTAssertEqual(Double(Clock.monotonicNanos() - began) / 1e9, 2, accuracy: 1)
  }

  func test_agentMeetsNewerCoordinator_saysSoAndEnds() throws {
    let newer = try RawServer { stream in
      try stream.write(
        "{\"type\":\"hello\",\"protocolMin\":7,\"protocolMax\":9,\"generation\":1,"
          + "\"nonce\":\"n\"}\n")
      while try stream.read() != nil {}
    }
    let directory = try TemporaryDirectory()
    let agent = try ChildProcess(
      product: "throng-agent",
      [
        "--coordinator", "127.0.0.1:\(newer.port)", "--region", "eu", "--state-dir",
        directory.path,
      ])
    XCTAssertEqual(try agent.waitForExit(), 106)
    XCTAssert(agent.errors.contains("protocol 7 to 9"), agent.errors)
  }

  /// Sends `bytes` instead of a join; answers the error line, after which the link is closed.
  private func abuse(_ coordinator: CoordinatorProcess, _ bytes: [UInt8]) throws -> JSONValue {
    let stream = try TCPStream(port: coordinator.agentPort, seconds: 10)
    let hello = try JSONValue.parse(text: stream.readLine() ?? "")
    XCTAssertEqual(hello["type"]?.stringValue, "hello")
    try stream.write(bytes)
    let answer = try JSONValue.parse(text: stream.readLine() ?? "")
    XCTAssert(stream.waitUntilClosed(), "the link stays open")
    return answer
  }
}
