import Shared
import XCTest

@testable import Coordinator

final class ExecutionRouteTests: XCTestCase {
  func test_create_answersLocationAndShape() throws {
    let fixture = try APIFixture()
    let configuration = try fixture.makeConfiguration()
    let answer = try fixture.call("POST", "/test-confs/\(configuration)/executions")
    XCTAssertEqual(answer.status, 201)
    XCTAssertEqual(answer.header("Location"), "/executions/\(try answer.id())")
    assertShape(try answer.json(), Shapes.newExecution)
    let object = try answer.object()
    XCTAssertNil(object["startedAt"])
    XCTAssertNil(object["summary"])
    XCTAssertEqual(object["expectedResultCount"], .int(20))
    XCTAssertEqual(object["scriptParams"], .string("{}"))
  }

  func test_get_ofFinished_hasSummariesChunksAndParent() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    _ = try fixture.call("PATCH", "/executions/\(id)/start")
    try fixture.commitResults(of: id, perRegion: 6)
    _ = try fixture.call("PUT", "/executions/\(id)/stop")
    let answer = try fixture.call(
      "GET", "/executions/\(id)?includeIntervals=true&includeResources=true")
    XCTAssertEqual(answer.status, 200)
    assertShape(try answer.json(), Shapes.finishedExecution)
    let object = try answer.object()
    XCTAssertEqual(object["summary"]?.objectValue?["count"], .int(12))
    XCTAssertEqual(object["intervals"]?.arrayValue?.count, 6)
    XCTAssertEqual(object["resources"]?.arrayValue?.count, 2)
    XCTAssertEqual(object["testConf"]?.objectValue?["name"], .string("Five clients"))
    let chunks = object["regions"]?.arrayValue?.first?.objectValue?["chunks"]?.arrayValue
    XCTAssertEqual(chunks?.first?.objectValue?["completedIterations"], .int(6))
  }

  func test_get_withoutParts_leavesThemOut() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    _ = try fixture.call("PATCH", "/executions/\(id)/start")
    let object = try fixture.call(
      "GET", "/executions/\(id)?down=false&up=false&includeScript=false&includeSummary=false"
    ).object()
    for name in ["regions", "testConf", "script", "summary", "intervals", "resources"] {
      XCTAssertNil(object[name], name)
    }
  }

  func test_list_isNewestFirstAndHasNoParent() throws {
    let fixture = try APIFixture()
    let first = try fixture.makeExecution()
    let configuration = try XCTUnwrap(
      try fixture.store.read {
        try ExecutionStore.find(ExecutionID(first), in: $0)?.configuration
      })
    var ids = [first]
    for _ in 0..<19 {
      ids.append(try fixture.call("POST", "/test-confs/\(configuration)/executions").id())
    }
    func list(_ query: String) throws -> [Int64] {
      try fixture.call("GET", "/test-confs/\(configuration)/executions\(query)").array()
        .compactMap { element in
          XCTAssertNil(element.objectValue?["testConf"])
          guard case .int(let id)? = element.objectValue?["id"] else { return nil }
          return id
        }
    }
    XCTAssertEqual(try list(""), Array(ids.reversed().prefix(15)))
    XCTAssertEqual(try list("?limit=-1"), ids.reversed())
    XCTAssertEqual(try list("?period=7d"), ids.reversed())
    XCTAssertEqual(try list("?period=7d&limit=2&offset=1"), [ids[18], ids[17]])
    XCTAssertEqual(try list("?limit=0"), [])
    XCTAssertEqual(try list("?start=\(APIFixture.nowMs + 1)&end=\(APIFixture.nowMs + 2)"), [])
    XCTAssertEqual(try list("?start=\(APIFixture.nowMs)&limit=1"), [ids[19]])
    XCTAssertEqual(try fixture.call("GET", "/executions?limit=-1").array().count, 20)
  }

  func test_list_badParameters_areAllNamed() throws {
    let fixture = try APIFixture()
    let answer = try fixture.call(
      "GET",
      "/executions?limit=-2&offset=x&period=1y&down=yes&start=9&end=8&nonsense=1&up=true&up=false")
    XCTAssertEqual(answer.status, 422)
    XCTAssertEqual(
      try answer.badFields().sorted(),
      ["down", "end", "limit", "nonsense", "offset", "period", "up"])
    let huge = try fixture.call("GET", "/executions?limit=99999999999999999999")
    XCTAssertEqual(try huge.badFields(), ["limit"])
  }

  func test_startAndStop_reachController() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    for method in ["PATCH", "PUT"] {
      for action in ["start", "manual-start", "stop"] {
        let answer = try fixture.call(method, "/executions/\(id)/\(action)")
        XCTAssertEqual(answer.status, 200)
        assertShape(try answer.json(), Shapes.newExecution)
      }
    }
    XCTAssertEqual(fixture.control.recorded.filter { $0 == "start \(id)" }.count, 4)
    XCTAssertEqual(fixture.control.recorded.filter { $0 == "stop \(id)" }.count, 2)
  }

  func test_bodiesThatAskForAnything_areNotIgnored() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    let list = "/test-confs/1/executions"
    let asked = #"{"concurrentClients":500,"name":"x"}"#
    for (method, path) in [
      ("POST", list), ("PATCH", "/executions/\(id)/start"), ("PUT", "/executions/\(id)/stop"),
    ] {
      let before = fixture.control.recorded
      XCTAssertEqual(
        try fixture.call(method, path, asked).badFields(), ["concurrentClients", "name"], path)
      XCTAssertEqual(try fixture.call(method, path, "{").status, 400, path)
      XCTAssertEqual(try fixture.call(method, path, "5").status, 422, path)
      XCTAssertEqual(fixture.control.recorded, before, "nothing was done")
      let answer = try fixture.call(method, path, " {} ")
      XCTAssertEqual(answer.status, method == "POST" ? 201 : 200, answer.text)
    }
  }

  func test_delete_needsCompletion() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    XCTAssertEqual(try fixture.call("DELETE", "/executions/\(id)").status, 409)
    _ = try fixture.call("PATCH", "/executions/\(id)/stop")
    let answer = try fixture.call("DELETE", "/executions/\(id)")
    XCTAssertEqual(answer.status, 200)
    XCTAssertEqual(try answer.id(), id)
    XCTAssertEqual(try fixture.call("GET", "/executions/\(id)").status, 404)
    XCTAssertEqual(try fixture.call("DELETE", "/executions/\(id)").status, 404)
  }

  func test_liveExtension_checksItsBody() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeExecution()
    let path = "/executions/\(id)/live-extension"
    XCTAssertEqual(try fixture.call("POST", path, #"{"newIterations":9}"#).status, 200)
    XCTAssertEqual(
      try fixture.call("GET", "/executions/\(id)").object()["iterations"], .int(9))
    for body in [
      "{}", #"{"newIterations":0}"#, #"{"newIterations":5,"newDuration":6}"#,
      #"{"newDuration":-1}"#, #"{"newDuration":30}"#, #"{"newIterations":5,"x":1}"#,
      #"{"newIterations":1e300}"#,
    ] {
      XCTAssertEqual(try fixture.call("POST", path, body).status, 422, body)
    }
    XCTAssertEqual(
      try fixture.call("POST", "/executions/999/live-extension", "{}").status, 404)
  }

  func test_startAtOnce_thatIsRefused_leavesNothingBehind() throws {
    let fixture = try APIFixture()
    _ = try fixture.call("POST", "/regions", #"{"name":"north"}"#)
    let stored = try fixture.call("POST", "/scripts", APIFixture.stepsScript).id()
    let scripts = [#""scriptId":\#(stored)"#, #""script":\#(APIFixture.stepsScript)"#]
    let rest = #""iterations":1,"concurrentClients":1,"regions":["north"]"#
    for (refusal, status) in [
      (ControlError.conflict("shutting down"), 409),
      (.invalid([FieldError(field: "scriptId", message: "exports nothing")]), 422),
    ] {
      fixture.control.refusal.withLock { $0 = refusal }
      for script in scripts {
        let answer = try fixture.call("POST", "/start", "{\(script),\(rest)}")
        XCTAssertEqual(answer.status, status, answer.text)
        XCTAssertEqual(try fixture.call("GET", "/test-confs").text, "[]")
        XCTAssertEqual(try fixture.call("GET", "/executions").text, "[]")
        XCTAssertEqual(try fixture.call("GET", "/scripts").array().count, 1)
      }
    }
    fixture.control.refusal.withLock { $0 = nil }
    for script in scripts {
      XCTAssertEqual(try fixture.call("POST", "/start", "{\(script),\(rest)}").status, 201)
    }
  }

  func test_startAtOnce_makesScriptConfigurationAndExecution() throws {
    let fixture = try APIFixture()
    _ = try fixture.call("POST", "/regions", #"{"name":"north"}"#)
    let body = """
      {"script":{"content":{"steps":[{"request":{"url":"http://127.0.0.1/"}}]}},
       "regions":[{"name":"north","concurrentClients":2}],"durationSecs":1.5}
      """
    let answer = try fixture.call("POST", "/start", body)
    XCTAssertEqual(answer.status, 201, answer.text)
    XCTAssertEqual(answer.header("Location"), "/executions/\(try answer.id())")
    let object = try answer.object()
    XCTAssertEqual(object["durationSecs"]?.number, 1.5)
    XCTAssertNil(object["iterations"])
    XCTAssertNil(object["expectedResultCount"])
  }

  func test_unknownExecution_is404Everywhere() throws {
    let fixture = try APIFixture()
    let parts = [
      "", "/summary", "/metric?name=success", "/intervals", "/resources", "/resources/1",
      "/results", "/results.csv", "/logs", "/logs.txt", "/regions/1/summary",
    ]
    for id in ["999", "-1", "abc", "1e3", "9223372036854775808", "%00", "+1"] {
      for part in parts {
        XCTAssertEqual(
          try fixture.call("GET", "/executions/\(id)\(part)").status, 404, "\(id)\(part)")
      }
      XCTAssertEqual(try fixture.call("HEAD", "/executions/\(id)").status, 404)
      XCTAssertEqual(try fixture.call("PATCH", "/executions/\(id)/stop").status, 404)
      XCTAssertEqual(try fixture.call("POST", "/test-confs/\(id)/executions").status, 404)
    }
  }
}
