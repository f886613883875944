import TestSupport
import XCTest

@testable import Shared

/// Every number of every message of the link, at its extremes: a message is taken or refused, and
/// what is taken can be reckoned with.
final class MessageNumbersTests: XCTestCase {
  private static let run = #""chunk":1,"epoch":1"#
  private static let curve =
    #""curve":{"start":1,"stages":[{"durationSecs":5,"target":2}]}"#
  private static func goal(_ model: String) -> String {
    #"{"iterations":5,"durationSecs":3,"model":\#(model),"maxDurationSecs":9,"#
      + #""startDelaySecs":1,"gracefulStopSecs":30}"#
  }
  private static let goals = [
    goal(#"{"closed":{}}"#), goal(#"{"sharedIterations":{"total":7}}"#),
    goal(#"{"rampingClients":{\#(curve),"gracefulRampDownSecs":4}}"#),
    goal(#"{"arrivalRate":{\#(curve)}}"#),
  ]

  private static let fromAgent =
    [
      #"{"type":"join","protocol":1,"agentId":"a","bootNo":1,"spoolId":"s","name":"n","#
        + #""region":"r","labels":{},"capacity":5,"version":"1","resume":[{\#(run),"nextSeq":3}]}"#,
      #"{"type":"granted",\#(run)}"#,
      #"{"type":"heartbeat","t1":5,"leases":[{\#(run),"active":1,"ended":1,"iterations":3,"#
        + #""spooledSeq":2,"spooledRows":4}],"health":{"loopLagMs":1,"cpu":1,"rss":1,"fds":1}}"#,
      #"{"type":"log",\#(run),"level":"Info","message":"m","atMicros":5}"#,
      #"{"type":"abort",\#(run),"message":"m"}"#,
      #"{"type":"ask",\#(run),"id":1,"question":{"barrier":{"name":"b","round":1,"arrived":2}}}"#,
      #"{"type":"ask",\#(run),"id":1,"question":{"rows":{"table":"t","count":1,"recycle":true}}}"#,
    ]
    + goals.map {
      #"{"type":"done",\#(run),"finalSeq":1,"rows":2,"iterations":3,"digest":4,"goal":\#($0)}"#
    }

  private static let fromCoordinator =
    [
      #"{"type":"hello","protocolMin":1,"protocolMax":1,"generation":1,"nonce":"n"}"#,
      #"{"type":"welcome","session":"s","heartbeatMs":2000,"leaseTtlMs":15000,"#
        + #""lineBytesMax":1000,"batchRowsMax":100,"resume":[{\#(run),"nextSeq":1,"mode":"run"}]}"#,
      #"{"type":"begin",\#(run),"startAtMicros":5}"#,
      #"{"type":"heartbeatAck","t1":1,"t2":2,"t3":3,"renewed":[{\#(run)}],"fenced":[{\#(run)}]}"#,
      #"{"type":"ack",\#(run),"upTo":1}"#,
      #"{"type":"nack",\#(run),"code":"expected","expected":1}"#,
      #"{"type":"stop",\#(run),"graceSecs":1}"#,
      #"{"type":"doneAck",\#(run)}"#,
      #"{"type":"answer",\#(run),"id":1,"result":{"rows":{"first":1,"rows":[],"end":true}}}"#,
      #"{"type":"answer",\#(run),"id":1,"result":{"table":{"columns":[],"rows":1}}}"#,
      #"{"type":"event",\#(run),"eventId":1,"name":"n","contents":"1"}"#,
    ]
    + goals.map { #"{"type":"extend",\#(run),"goal":\#($0)}"# }
    + goals.map { #"{"type":"grant","lease":\#(lease(goal: $0))}"# }

  private static func lease(goal: String) -> String {
    #"{\#(run),"execution":1,"executionRegion":1,"region":"r","clients":{"first":1,"count":2,"#
      + #""regionalFirst":1,"regionalTotal":3,"total":4},"goal":\#(goal),"iterationSleepSecs":1,"#
      + #""rampUp":{"durationSecs":1,"phase":0},"script":{"kind":"Steps","content":"{}","#
      + #""export":"default","data":""},"params":"{}","http":{"version":"1.1","verifyTLS":true,"#
      + #""requestTimeoutMs":1,"redirectsMax":1,"bodyBytesMax":1},"tracing":{"sampling":"#
      + #"{"sampled":{"perMinute":1}},"secrets":[]},"ttlMs":1000,"window":3}"#
  }

  func test_messagesAsTheyAre_areTaken() throws {
    for line in Self.fromAgent { _ = try AgentMessage.decode(Array(line.utf8)) }
    for line in Self.fromCoordinator { _ = try CoordinatorMessage.decode(Array(line.utf8)) }
  }

  func test_everyNumberOfAnAgent_isTakenOrRefused() {
    var refused = 0
    for line in Self.fromAgent {
      for variant in ExtremeNumbers.variants(of: line) {
        do {
          switch try AgentMessage.decode(Array(variant.utf8)) {
          case .done(let done): reckon(with: done.goal)
          case .heartbeat(let beat):
            XCTAssertTrue((0...Limits.timeMicrosMax).contains(beat.t1), variant)
          default: break
          }
        } catch { refused += 1 }
      }
    }
    XCTAssertGreaterThan(refused, 100)
  }

  func test_everyNumberOfACoordinator_isTakenOrRefused() {
    var refused = 0
    for line in Self.fromCoordinator {
      for variant in ExtremeNumbers.variants(of: line) {
        do {
          switch try CoordinatorMessage.decode(Array(variant.utf8)) {
          case .extend(let extend): reckon(with: extend.goal)
          case .grant(let grant): reckon(with: grant.lease.goal)
          case .welcome(let welcome):
            XCTAssertTrue((1...86_400_000).contains(welcome.leaseTtlMs), variant)
          default: break
          }
        } catch { refused += 1 }
      }
    }
    XCTAssertGreaterThan(refused, 100)
  }

  func test_aRefusedNumber_isNamed() {
    let line = #"{"type":"ack",\#(Self.run),"upTo":-1}"#
    XCTAssertThrowsError(try CoordinatorMessage.decode(Array(line.utf8))) {
      XCTAssertEqual(
        $0 as? MessageError, .malformed("field upTo is not from 0 to 9007199254740991"))
    }
  }

  /// What both sides do with a goal.
  private func reckon(with goal: LoadGoal) {
    let iterations = goal.iterations(ofClients: 0..<10_000_000, of: 10_000_000)
    XCTAssertGreaterThanOrEqual(iterations ?? 0, 0)
    XCTAssertTrue((goal.endSecs ?? 0) * 1e9 < 9.2e18)
    XCTAssertTrue((goal.curve?.area ?? 0).isFinite)
  }
}
