import Shared
import XCTest

@testable import Agent

final class ScriptFlowTests: XCTestCase {
  func test_steps_runInOrder() throws {
    var driver = try ScriptDriver(
      #"""
      {"request":{"url":"http://h/1"}},{"sleepMs":5},{"request":{"method":"PUT","url":"http://h/2"}}
      """#)
    XCTAssertFalse(try driver.run())
    XCTAssertEqual(driver.log, ["GET http://h/1", "sleep 5000", "PUT http://h/2"])
  }

  func test_constantRequest_isTheSameInstanceEveryTime() throws {
    var driver = try ScriptDriver(#"{"repeat":3,"steps":[{"request":{"url":"http://h"}}]}"#)
    XCTAssertFalse(try driver.run())
    XCTAssertFalse(try driver.run(1))
    XCTAssertEqual(driver.requests.count, 6)
    XCTAssertTrue(driver.requests.allSatisfy { $0 === driver.requests[0] })
  }

  func test_requestsFromParams_areConstant() throws {
    var driver = try ScriptDriver(
      #"""
      {"repeat":2,"steps":[{"request":{"url":"${params.base}/x","name":"${params.n}",
        "body":{"n":"${params.n}","t":"n=${params.n}"},"headers":{"X":"${params.n}"}}}]}
      """#, params: #"{"base":"http://h","n":5}"#)
    XCTAssertFalse(try driver.run())
    XCTAssertTrue(driver.requests[0] === driver.requests[1])
    XCTAssertEqual(driver.requests[0].url, "http://h/x")
    XCTAssertEqual(driver.requests[0].name, "5")
    XCTAssertEqual(driver.requests[0].headers.first?.value, "5")
    XCTAssertEqual(
      driver.requests[0].body.map { String(decoding: $0, as: UTF8.self) },
      #"{"n":5,"t":"n=5"}"#)
  }

  func test_event_givesTheVariableItsContents() throws {
    var driver = try ScriptDriver(
      #"""
      {"waitForEvent":"load","timeoutMs":5},{"request":{"url":"${event.url}"}},
      {"waitForEvent":"load","timeoutMs":7},{"request":{"url":"${event.url}"}}
      """#)
    for url in ["http://h/1", "http://h/2"] {
      driver.events.append(.object(["url": .string(url)]))
    }
    XCTAssertFalse(try driver.run())
    XCTAssertEqual(
      driver.log, ["wait load 5000", "GET http://h/1", "wait load 7000", "GET http://h/2"])
  }

  func test_eventThatDoesNotCome_failsTheIteration() throws {
    var driver = try ScriptDriver(#"{"waitForEvent":"go"},{"request":{"url":"http://h"}}"#)
    XCTAssertTrue(try driver.run())
    XCTAssertEqual(driver.log, ["wait go 60000000"])
    driver.events = [.null]
    XCTAssertFalse(try driver.run(1), "the next iteration is none the worse for it")
  }

  func test_loops_nest() throws {
    var driver = try ScriptDriver(
      #"""
      {"repeat":2,"steps":[{"sleepMs":1},{"repeat":3,"steps":[{"sleepMs":2}]},
        {"repeat":0,"steps":[{"sleepMs":9}]}]},{"repeat":1,"steps":[{"sleepMs":3}]}
      """#)
    XCTAssertFalse(try driver.run())
    XCTAssertEqual(
      driver.log.map { $0.dropFirst(6).first.map(String.init) ?? "" }.joined(), "122212223")
  }

  func test_loopCount_comesFromAValue() throws {
    let steps = #"{"repeat":"${params.n}","steps":[{"sleepMs":1}]}"#
    for (params, count) in [(#"{"n":2}"#, 2), (#"{"n":"3"}"#, 3), (#"{"n":0}"#, 0)] {
      var driver = try ScriptDriver(steps, params: params)
      XCTAssertFalse(try driver.run())
      XCTAssertEqual(driver.log.count, count, params)
    }
    for params in ["{}", #"{"n":-1}"#, #"{"n":1.5}"#, #"{"n":"x"}"#, #"{"n":1e18}"#] {
      var driver = try ScriptDriver(steps, params: params)
      XCTAssertTrue(try driver.run(), params)
      XCTAssertEqual(driver.log, [], params)
    }
  }

  func test_branches_areTaken() throws {
    let steps = #"""
      {"if":"${params.n} > 1","steps":[{"sleepMs":1}],"else":[{"sleepMs":2}]},
      {"if":"${params.n} > 2","steps":[{"sleepMs":3}]},{"sleepMs":4}
      """#
    for (n, log) in [(1, [2, 4]), (2, [1, 4]), (3, [1, 3, 4])] {
      var driver = try ScriptDriver(steps, params: #"{"n":\#(n)}"#)
      XCTAssertFalse(try driver.run())
      XCTAssertEqual(driver.log, log.map { "sleep \($0)000" })
    }
  }

  func test_undecidableCondition_failsTheIteration() throws {
    var driver = try ScriptDriver(
      #"{"if":"${params.n} > 1","steps":[{"sleepMs":1}]},{"sleepMs":2}"#)
    XCTAssertTrue(try driver.run())
    XCTAssertEqual(driver.log, [])
  }

  func test_emptyLoops_letOthersGoOn() throws {
    var driver = try ScriptDriver(
      #"{"repeat":1000000000,"steps":[{"if":"false","steps":[{"sleepMs":1}]}]}"#)
    XCTAssertThrowsError(try driver.run(actionsMax: 50))
    XCTAssertEqual(driver.log, Array(repeating: "sleep 0", count: 50))
  }

  func test_iterationCutShort_leavesNothingBehind() throws {
    var driver = try ScriptDriver(
      #"{"repeat":2,"steps":[{"request":{"url":"http://h/${vu.iteration}"}}]}"#)
    guard case .request = driver.client.beginIteration(0) else { return XCTFail("no request") }
    XCTAssertFalse(try driver.run(1))
    XCTAssertEqual(driver.log, ["GET http://h/1", "GET http://h/1"])
  }

  func test_sleep_isDrawnFromItsRange() throws {
    var driver = try ScriptDriver(#"{"repeat":90,"steps":[{"sleepMs":{"min":2,"max":4}}]}"#)
    XCTAssertFalse(try driver.run())
    let micros = driver.log.compactMap { Int64($0.dropFirst(6)) }
    XCTAssertEqual(micros.count, 90)
    XCTAssertTrue(micros.allSatisfy { (2_000...4_000).contains($0) })
    XCTAssertGreaterThan(Set(micros).count, 10)
  }

  func test_random_dependsOnSeedAndClientOnly() throws {
    let steps = #"{"request":{"url":"http://h/${random(1,1000000)}/${uuid()}"}}"#
    func urls(client: Int, seed: UInt64) throws -> [String] {
      var driver = try ScriptDriver(steps, client: client, seed: seed)
      for iteration in 0..<3 { XCTAssertFalse(try driver.run(iteration)) }
      return driver.log
    }
    XCTAssertEqual(try urls(client: 1, seed: 1), try urls(client: 1, seed: 1))
    XCTAssertNotEqual(try urls(client: 1, seed: 1), try urls(client: 2, seed: 1))
    XCTAssertNotEqual(try urls(client: 1, seed: 1), try urls(client: 1, seed: 2))
    XCTAssertEqual(Set(try urls(client: 1, seed: 1)).count, 3)
  }

  func test_uuid_isOfVersion4() {
    for client in 0..<200 {
      var random = ScriptRandom(seed: 42, client: client)
      let uuid = random.uuid()
      XCTAssertNotNil(
        uuid.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/),
        uuid)
    }
  }
}
