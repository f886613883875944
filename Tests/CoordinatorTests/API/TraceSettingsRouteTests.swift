import Shared
import TestSupport
import XCTest

@testable import Coordinator

final class TraceSettingsRouteTests: XCTestCase {
  private func body(_ settings: String) -> String {
    """
    {"name":"x","scriptId":1,"iterations":1,"regions":["north"],"concurrentClients":1\(settings)}
    """
  }

  private func post(_ fixture: APIFixture, _ settings: String) throws -> Answer {
    _ = try fixture.makeConfiguration()
    return try fixture.call("POST", "/test-confs", body(settings))
  }

  func test_tracing_isStoredAndShown_withTheExecution_too() throws {
    let fixture = try APIFixture()
    for (given, shown) in [
      ("", #"{"perMinute":1}"#), (#","tracing":{}"#, #"{"perMinute":1}"#),
      (#","tracing":{"perMinute":5}"#, #"{"perMinute":5}"#),
      (#","tracing":{"all":true}"#, #"{"all":true}"#),
      (#","tracing":{"off":true,"all":false}"#, #"{"off":true}"#),
    ] {
      let answer = try post(fixture, given)
      XCTAssertEqual(answer.status, 201, answer.text)
      XCTAssertEqual(try answer.object()["tracing"]?.text, shown)
      let path = try XCTUnwrap(answer.header("Location"))
      XCTAssertEqual(try fixture.call("GET", path).body, answer.body)
      let execution = try fixture.call("POST", "\(path)/executions").object()
      XCTAssertEqual(execution["tracing"]?.text, shown)
    }
  }

  func test_badTracing_isNamed() throws {
    let fixture = try APIFixture()
    for (given, fields) in [
      (#","tracing":{"perMinute":61}"#, ["tracing.perMinute"]),
      (#","tracing":{"all":1,"often":true}"#, ["tracing.all", "tracing.often"]),
      (#","tracing":{"all":true,"off":true}"#, ["tracing"]),
      (#","tracing":true"#, ["tracing"]),
      (#","secrets":"key""#, ["secrets"]),
      (
        #","secrets":["key",1,"none","flag","key"],"scriptParams":{"key":"k","flag":true}"#,
        ["secrets[1]", "secrets[2]", "secrets[3]"]
      ),
    ] {
      let answer = try post(fixture, given)
      XCTAssertEqual(answer.status, 422, given)
      XCTAssertEqual(Set(try answer.badFields()), Set(fields))
    }
  }

  func test_secrets_areShownNowhere_andSurviveBeingSentBackMasked() throws {
    let fixture = try APIFixture()
    let answer = try post(
      fixture, #","scriptParams":{"key":"s3cret","user":"me"},"secrets":["key"]"#)
    XCTAssertEqual(answer.status, 201, answer.text)
    XCTAssertEqual(
      try answer.object()["scriptParams"], .string(#"{"key":"***","user":"me"}"#))
    XCTAssertEqual(try answer.object()["secrets"], .array([.string("key")]))
    let path = try XCTUnwrap(answer.header("Location"))
    let put = try fixture.call("PUT", path, answer.text)
    XCTAssertEqual(put.status, 200, put.text)
    let execution = try fixture.call("POST", "\(path)/executions").object()
    XCTAssertEqual(execution["scriptParams"], .string(#"{"key":"***","user":"me"}"#))
    let id = try XCTUnwrap(execution["id"]?.intValue)
    for target in [path, "/test-confs", "/executions/\(id)", "/executions?up=true"] {
      XCTAssertFalse(try fixture.call("GET", target).text.contains("s3cret"), target)
    }
    let stored = try fixture.store.read { try ExecutionStore.find(ExecutionID(Int64(id)), in: $0) }
    XCTAssertEqual(stored?.scriptParams, #"{"key":"s3cret","user":"me"}"#)
    XCTAssertEqual(stored?.tracing.secrets, ["key"])
  }
}
