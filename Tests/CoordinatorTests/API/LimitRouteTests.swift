import Shared
import XCTest

@testable import Coordinator

final class LimitRouteTests: XCTestCase {
  private func post(_ fixture: APIFixture, _ limits: String) throws -> Answer {
    _ = try fixture.makeConfiguration()
    return try fixture.call(
      "POST", "/test-confs",
      """
      {"name":"x","scriptId":1,"durationSecs":60,"regions":["north"],"concurrentClients":4,
       "limits":\(limits)}
      """)
  }

  func test_limits_areShownAsTheyWereGiven_andTakenBack() throws {
    let fixture = try APIFixture()
    let answer = try post(
      fixture,
      """
      [{"metric":"firstReceivedMs","statistic":"p95","op":"<","value":500},
       {"metric":"failure","namespace":"Testable","statistic":"rate","op":"<=","value":0.01,
        "resource":"GET http://a/","region":"north","afterSecs":30,"stop":true},
       {"metric":"any name","namespace":"User","statistic":"rate","op":"!=","value":-1.5,
        "atEnd":true,"threshold":{"metric":"any name","expression":"rate!=-1.5"}}]
      """)
    XCTAssertEqual(answer.status, 201, answer.text)
    XCTAssertEqual(
      try answer.object()["limits"]?.arrayValue?.map(\.text),
      [
        #"{"metric":"firstReceivedMs","namespace":"Testable","statistic":"p95","op":"<","#
          + #""value":500,"afterSecs":0,"stop":false,"atEnd":false}"#,
        #"{"metric":"failure","namespace":"Testable","statistic":"rate","op":"<=","#
          + #""value":0.01,"resource":"GET http://a/","region":"north","afterSecs":30,"#
          + #""stop":true,"atEnd":false}"#,
        #"{"metric":"any name","namespace":"User","statistic":"rate","op":"!=","value":-1.5,"#
          + #""afterSecs":0,"stop":false,"atEnd":true,"#
          + #""threshold":{"metric":"any name","expression":"rate!=-1.5"}}"#,
      ])
    let path = try XCTUnwrap(answer.header("Location"))
    XCTAssertEqual(try fixture.call("GET", path).body, answer.body)
    let again = try fixture.call("PUT", path, answer.text)
    XCTAssertEqual(try again.object()["limits"], try answer.object()["limits"])
    let list = try fixture.call("GET", "/test-confs").array()
    XCTAssertEqual(list[0].objectValue?["limits"], try answer.object()["limits"])
    let without = try fixture.call(
      "PUT", path,
      #"{"name":"x","scriptId":1,"iterations":1,"regions":["north"],"concurrentClients":1}"#)
    XCTAssertEqual(try without.object()["limits"], .array([]))
    XCTAssertEqual(try fixture.call("GET", path).body, without.body)
  }

  func test_badLimits_areAllNamed() throws {
    let fixture = try APIFixture()
    let answer = try post(
      fixture,
      """
      [{"metric":"speed","statistic":"p95","op":"<","value":500},
       {"metric":"firstReceivedMs","statistic":"rate","op":"=","value":"500","surprise":1},
       {"namespace":"User","statistic":"p101.5","op":"<","value":1},
       {"metric":"checks","statistic":"rate","op":">","value":1,"resource":"GET /",
        "region":"south","afterSecs":-1,"stop":true,"atEnd":true},
       7,
       {"metric":"cpu","statistic":"value","op":">","value":1,"namespace":"",
        "threshold":{"metric":"cpu","text":"value>1"}},
       {"metric":"x","namespace":"User","statistic":"rate","op":">","value":null}]
      """)
    XCTAssertEqual(answer.status, 422, answer.text)
    XCTAssertEqual(
      Set(try answer.badFields()),
      [
        "limits[0].metric", "limits[1].statistic", "limits[1].op", "limits[1].value",
        "limits[1].surprise", "limits[2].metric", "limits[2].statistic", "limits[3].resource",
        "limits[3].region", "limits[3].afterSecs", "limits[3].atEnd", "limits[4]",
        "limits[5].namespace", "limits[5].threshold.expression", "limits[5].threshold.text",
        "limits[6].value",
      ])
    let limit = #"{"metric":"results","statistic":"count","op":"<","value":1}"#
    let many = Array(repeating: limit, count: Limits.limitsPerTestMax + 1)
    XCTAssertEqual(
      try post(try APIFixture(), "[\(many.joined(separator: ","))]").badFields(), ["limits"])
    XCTAssertEqual(try post(try APIFixture(), "{}").badFields(), ["limits"])
  }

  func test_runningExecution_showsWhatIsMeasuredNow() throws {
    let fixture = try APIFixture()
    let configuration = try post(
      fixture,
      """
      [{"metric":"firstReceivedMs","statistic":"max","op":"<","value":500,"region":"north"},
       {"metric":"failure","statistic":"rate","op":"<","value":0.1},
       {"metric":"mine","namespace":"User","statistic":"mean","op":"<","value":0.1}]
      """
    ).id()
    let id = try fixture.call("POST", "/test-confs/\(configuration)/executions").id()
    _ = try fixture.call("PATCH", "/executions/\(id)/start")
    try fixture.commitResults(of: id, perRegion: 4)
    let limits = try fixture.call("GET", "/executions/\(id)").object()["limits"]?.arrayValue
    XCTAssertEqual(limits?.map { $0.objectValue?["measured"] }, [.int(5), .double(0.5), nil])
    XCTAssertEqual(
      limits?.map { $0.objectValue?["breached"] }, .init(repeating: .bool(false), count: 3))
    // A third of the requests, in six decimals as all statistics.
    let other = try fixture.call("POST", "/test-confs/\(configuration)/executions").id()
    _ = try fixture.call("PATCH", "/executions/\(other)/start")
    try fixture.commitResults(of: other, perRegion: 3)
    let third = try fixture.call("GET", "/executions/\(other)").object()["limits"]?.arrayValue
    XCTAssertEqual(third?[1].objectValue?["measured"], .double(0.333333))
    let without = try fixture.makeExecution()
    XCTAssertNil(try fixture.call("GET", "/executions/\(without)").object()["limits"])
  }
}
