import Shared
import XCTest

@testable import Coordinator

final class BodyTests: XCTestCase {
  func test_script_roundTrips() throws {
    let fixture = try APIFixture()
    let answer = try fixture.call("POST", "/scripts", APIFixture.stepsScript)
    XCTAssertEqual(answer.status, 201)
    assertShape(try answer.json(), Shapes.script)
    let path = try XCTUnwrap(answer.header("Location"))
    XCTAssertEqual(try fixture.call("GET", path).body, answer.body)
    XCTAssertEqual(try fixture.call("PUT", path, answer.text).status, 200)
    XCTAssertEqual(try fixture.call("GET", "/scripts").array().count, 1)
    XCTAssertEqual(try fixture.call("DELETE", path).status, 200)
    XCTAssertEqual(try fixture.call("GET", path).status, 404)
  }

  func test_script_badFields_areAllNamed() throws {
    let fixture = try APIFixture()
    let answer = try fixture.call(
      "POST", "/scripts",
      #"{"scriptType":"Steps","content":{"steps":[{"request":{"method":"GET"}}]},"#
        + #""init":"x","colour":"red"}"#)
    XCTAssertEqual(answer.status, 422)
    XCTAssertEqual(
      try answer.badFields(), ["name", "init", "content.steps[0].request.url", "colour"])
    let code = try fixture.call(
      "POST", "/scripts", #"{"name":"c","scriptType":"Code","content":"let a = ;"}"#)
    XCTAssertEqual(try code.badFields(), ["content"])
    XCTAssert(code.text.contains("script.js:1:9"), code.text)
    let kind = try fixture.call(
      "POST", "/scripts", #"{"name":"c","scriptType":"Gatling","content":"run()"}"#)
    XCTAssertEqual(try kind.badFields(), ["scriptType"])
    let text = try fixture.call("POST", "/scripts", #"{"name":"c","content":"{\"steps\":"}"#)
    XCTAssertEqual(try text.badFields(), ["content"])
  }

  func test_usedScript_isNotDeleted() throws {
    let fixture = try APIFixture()
    let configuration = try fixture.makeConfiguration()
    let script = try fixture.call("GET", "/scripts").array().first?.objectValue?["id"]
    XCTAssertEqual(try fixture.call("DELETE", "/scripts/\(script?.text ?? "")").status, 409)
    _ = try fixture.call("POST", "/test-confs/\(configuration)/executions")
    XCTAssertEqual(try fixture.call("DELETE", "/test-confs/\(configuration)").status, 409)
  }

  func test_configuration_splitsClientsRemainderFirst() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeConfiguration()
    let answer = try fixture.call("GET", "/test-confs/\(id)")
    let regions = try XCTUnwrap(try answer.object()["regions"]?.arrayValue)
    XCTAssertEqual(
      regions.map(\.text),
      [
        #"{"name":"north","concurrentClients":3}"#, #"{"name":"south","concurrentClients":2}"#,
      ])
    XCTAssertEqual(try answer.object()["requestTimeoutMs"], .int(30_000))
    let again = try fixture.call("PUT", "/test-confs/\(id)", answer.text)
    XCTAssertEqual(again.status, 200, again.text)
    XCTAssertEqual(try fixture.call("HEAD", "/test-confs/\(id)").status, 200)
    XCTAssertEqual(try fixture.call("DELETE", "/test-confs/\(id)").status, 200)
    XCTAssertEqual(try fixture.call("HEAD", "/test-confs/\(id)").status, 404)
  }

  func test_configuration_badFields_areAllNamed() throws {
    let fixture = try APIFixture()
    _ = try fixture.call("POST", "/regions", #"{"name":"north"}"#)
    let answer = try fixture.call(
      "POST", "/test-confs",
      """
      {"name":"", "scriptId":77, "iterations":5, "durationSecs":9, "iterationSleepSecs":-1,
       "rampupSecs":1e300, "manualStart":"no", "scriptParams":"[]", "requestTimeoutMs":0,
       "regions":[{"name":"north","concurrentClients":0},{"name":"nowhere","concurrentClients":1},
                  {"name":"north","concurrentClients":2,"x":1}],
       "http":{"version":"3","verifyTls":1,"caPem":"x","redirectsMax":-1,"what":0},
       "load":{"model":"closed","iterations":[]}, "limits":[{"metric":"success"}],
       "tracing":{"perMinute":0}, "secrets":["nothing"], "surprise":true}
      """)
    XCTAssertEqual(answer.status, 422)
    XCTAssertEqual(
      Set(try answer.badFields()),
      [
        "name", "scriptId", "iterations", "durationSecs", "iterationSleepSecs", "rampupSecs",
        "manualStart", "scriptParams", "requestTimeoutMs", "regions[0].concurrentClients",
        "regions[1].name", "regions[2].name", "regions[2].x", "http.version", "http.verifyTls",
        "http.caPem", "http.redirectsMax", "http.what", "load.iterations", "limits[0].statistic",
        "limits[0].op", "limits[0].value", "tracing.perMinute", "secrets[0]", "surprise",
      ])
    let none = try fixture.call("POST", "/test-confs", "{}")
    XCTAssertEqual(
      Set(try none.badFields()), ["name", "scriptId", "regions", "iterations"])
  }

  func test_configuration_defaultsOfLaterSettings_areAccepted() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeConfiguration()
    let answer = try fixture.call(
      "PUT", "/test-confs/\(id)",
      """
      {"name":"x","scriptId":1,"durationSecs":60,"regions":["north"],"concurrentClients":4,
       "load":{"model":"closed"},"limits":[],"tracing":{"perMinute":1},
       "scriptParams":{"symbol":"IBM","n":1},"http":{"version":"2","verifyTls":false}}
      """)
    XCTAssertEqual(answer.status, 200, answer.text)
    XCTAssertEqual(
      try answer.object()["scriptParams"], .string(#"{"symbol":"IBM","n":1}"#))
  }

  func test_configuration_httpSettings_areKeptAndShown() throws {
    let fixture = try APIFixture()
    let id = try fixture.makeConfiguration()
    func put(_ http: String) throws -> Answer {
      try fixture.call(
        "PUT", "/test-confs/\(id)",
        """
        {"name":"x","scriptId":1,"durationSecs":60,"regions":["north"],"concurrentClients":4,
         "http":\(http)}
        """)
    }
    let answer = try put(#"{"reuseConnections":false,"userAgent":"me/1"}"#)
    let shown = try answer.object()["http"]?.objectValue
    XCTAssertEqual(shown?["reuseConnections"], .bool(false))
    XCTAssertEqual(shown?["userAgent"], .string("me/1"))
    XCTAssertEqual(
      try put(#"{"reuseConnections":0,"userAgent":"a\r\nb: c"}"#).badFields(),
      ["http.reuseConnections", "http.userAgent"])
  }

  func test_region_namesAreUnique() throws {
    let fixture = try APIFixture()
    let body =
      #"{"name":"aws-us-east-1","latitude":39.0436,"longitude":-77.4878,"public":true}"#
    let answer = try fixture.call("POST", "/regions", body)
    XCTAssertEqual(answer.status, 201)
    assertShape(try answer.json(), Shapes.region)
    XCTAssertEqual(try fixture.call("POST", "/regions", body).status, 409)
    XCTAssertEqual(
      try fixture.call("POST", "/regions", #"{"name":"a\u0000b","latitude":91}"#).badFields(),
      ["name", "latitude"])
    XCTAssertEqual(try fixture.call("GET", "/regions").array().count, 1)
  }

  func test_agents_areShownWithHealth() throws {
    let fixture = try APIFixture()
    let agents = try fixture.call("GET", "/agents").array()
    XCTAssertEqual(agents.first?.objectValue?["state"], .string("connected"))
    XCTAssertEqual(
      try fixture.call("GET", "/agents/3").object()["health"]?.objectValue?["fds"], .int(12))
    XCTAssertEqual(try fixture.call("GET", "/agents/4").status, 404)
  }
}
