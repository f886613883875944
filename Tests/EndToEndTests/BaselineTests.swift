import Foundation
import Shared
import TestSupport
import XCTest

/// Images that scripts compare with how they looked before, over real processes.
final class BaselineTests: XCTestCase {
  private func image(changed: Int) -> [UInt8] {
    var image = TestImage(80, 50, (240, 240, 250))
    for index in 0..<changed { image[index % 80, index / 80] = (200, 0, 0) }
    return image.png
  }

  /// A script that writes the picture of its parameter, and a text of the same iteration.
  private static let script = """
    const picture = () => Uint8Array.from(atob(params.picture), (c) => c.charCodeAt(0));
    module.exports = async () => {
      output.file(`page-${vu.execution}.png`, picture(), 'image/png', { compare: 'page.png' });
      output.file('same.png', picture(), 'image/png', { compare: true });
      output.file('note.txt', 'grün', 'text/plain');
      output.file('kept.png', picture(), 'image/png', { compare: false });
      try {
        output.file('x.png', picture(), 'image/png', { compare: 3 });
      } catch (error) {
        log.warn(error.message);
      }
    };
    """

  private func configuration(_ cluster: Cluster, script: Int, changed: Int) throws -> String {
    let picture = Data(image(changed: changed)).base64EncodedString()
    return """
      {"name":"Pictures","scriptId":\(script),"regions":[{"name":"eu-west","concurrentClients":1}],
       "iterations":1,"scriptParams":{"picture":"\(picture)"}}
      """
  }

  private func id(_ response: HTTPClient.Response) throws -> Int {
    guard let id = try response.json()["id"]?.intValue else {
      throw TestFailure("\(response.status) \(response.text)")
    }
    return id
  }

  private func run(_ configuration: Int, _ cluster: Cluster) throws -> Execution {
    let id = try id(cluster.http.send("POST", "/test-confs/\(configuration)/executions"))
    let execution = Execution(id: id, coordinator: cluster.coordinator)
    try execution.waitUntilCompleted()
    try Poll.until("compared") { try files(execution).allSatisfy(isSettled) }
    return execution
  }

  private func isSettled(_ file: JSONValue) -> Bool {
    file["expectDiff"]?.boolValue == false || file["diffDataStore"] != nil
  }

  private func files(_ execution: Execution) throws -> [JSONValue] {
    try XCTUnwrap(execution.get("/output-files").arrayValue)
      .sorted { ($0["name"]?.stringValue ?? "") < ($1["name"]?.stringValue ?? "") }
  }

  func test_secondExecution_showsWhatChangedSinceTheFirst() throws {
    let cluster = try Cluster()
    let script = JSONValue.object([
      "name": .string("Pictures"), "scriptType": .string("Code"), "content": .string(Self.script),
    ])
    let scriptID = try id(cluster.http.send("POST", "/scripts", body: script.text))
    let body = try configuration(cluster, script: scriptID, changed: 0)
    let conf = try id(cluster.http.send("POST", "/test-confs", body: body))
    let first = try run(conf, cluster)
    let before = try files(first)
    XCTAssertEqual(
      before.map { $0["name"]?.stringValue },
      ["kept.png", "note.txt", "page-\(first.id).png", "same.png"])
    XCTAssertEqual(before.map { $0["firstVersion"]?.boolValue }, [false, false, true, true])
    XCTAssertEqual(before.map { $0["expectDiff"]?.boolValue }, [false, false, true, true])
    XCTAssertEqual(before.map { $0["charset"]?.stringValue }, ["", "UTF-8", "", ""])
    XCTAssert(try first.log().contains("compare must be true, false or the name of an image"))

    // 18 of 4,000 pixels.
    let changed = try configuration(cluster, script: scriptID, changed: 18)
    XCTAssertEqual(
      try cluster.http.send("PUT", "/test-confs/\(conf)", body: changed).status, 200)
    let second = try run(conf, cluster)
    let after = try files(second)
    for file in after.suffix(2) {
      XCTAssertEqual(file["diffPercent"], .double(0.45))
      XCTAssertEqual(file["firstVersion"]?.boolValue, false)
    }
    XCTAssertEqual(after[2]["diffDataStore"]?["name"]?.stringValue, "page.png")

    let thumbnail = try cluster.http.get(
      "/output-files/\(try XCTUnwrap(after[2]["id"]?.intValue))/thumbnail")
    let small = try PNGReading(thumbnail.body)
    XCTAssertEqual([small.width, small.height], [80, 50])
    XCTAssertEqual(small[17, 0], [200, 0, 0])
    XCTAssertEqual(small[18, 0], [240, 240, 250])

    try first.send("DELETE", "")
    let store = try XCTUnwrap(after[2]["diffDataStore"]?["url"]?.stringValue)
    let path = try XCTUnwrap(store.firstIndex(of: "d").map { "/" + store[$0...] })
    XCTAssertEqual(try cluster.http.get(path).body, image(changed: 0))
  }
}
