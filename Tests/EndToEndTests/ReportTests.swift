import Foundation
import Shared
import TestSupport
import XCTest

/// The PDF report of a real execution, read by poppler.
final class ReportTests: XCTestCase {
  private func text(_ bytes: [UInt8]) throws -> String {
    let directory = try TemporaryDirectory()
    let path = directory.file("report.pdf")
    try Data(bytes).write(to: URL(filePath: path))
    return try ChildProcess.run("pdftotext", ["-layout", path, "-"])
  }

  private func words(_ text: String, lineWith word: String) -> [Substring] {
    text.split(separator: "\n").map { $0.split(separator: " ") }.first {
      $0.contains { $0 == word }
    }
      ?? []
  }

  func test_report_agreesWithTheResults() throws {
    let cluster = try Cluster()
    let execution = try cluster.start(
      steps: cluster.get("/json") + "," + cluster.get("/status/404"),
      "\"iterations\":5,\"limits\":[{\"metric\":\"failure\",\"statistic\":\"rate\",\"op\":\"<\","
        + "\"value\":0.1}]")
    try execution.waitUntilCompleted()
    let rows = try execution.results().rows.count
    XCTAssertEqual(rows, 40)
    let answer = try cluster.http.get("/executions/\(execution.id)/results.pdf")
    XCTAssertEqual(answer.status, 200)
    let overview = try text([UInt8](answer.body))
    XCTAssertEqual(words(overview, lineWith: "connectionCloseMs").dropFirst(2).first, "40")
    XCTAssert(overview.contains("Failed: limits breached"), overview)
    XCTAssert(overview.contains("solo (eu-west"), overview)
    let errors = try cluster.http.get(
      "/executions/\(execution.id)/results.pdf?dashboardId=errors&tz=Asia/Tokyo")
    let kinds = words(try text([UInt8](errors.body)), lineWith: "found")
    XCTAssertEqual(kinds.prefix(5), ["HTTP", "404", "Not", "found", "20"])
  }

  func test_whereThereIsNoFont_itSaysSo() throws {
    let directory = try TemporaryDirectory()
    let empty = try directory.write(
      "fonts.conf",
      "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig/>")
    let process = try ChildProcess(
      product: "throng-coordinator",
      [
        "--http", "127.0.0.1:0", "--agents", "127.0.0.1:0", "--data-dir", directory.file("data"),
      ], environment: ["FONTCONFIG_FILE": empty])
    let line = try process.waitForLine(containing: "http listening on 127.0.0.1:")
    let port = try XCTUnwrap(HostPort(String(line.split(separator: " ").last ?? ""))?.port)
    let http = HTTPClient(port: port)
    XCTAssertEqual(try http.send("POST", "/regions", body: "{\"name\":\"nowhere\"}").status, 201)
    let created = try http.send(
      "POST", "/start",
      body: """
        {"script":{"scriptType":"Steps",
                   "content":{"steps":[{"request":{"url":"http://127.0.0.1:1/"}}]}},
         "regions":[{"name":"nowhere","concurrentClients":1}],"iterations":1,"manualStart":true}
        """)
    XCTAssertEqual(created.status, 201, created.text)
    let id = try XCTUnwrap(try created.json()["id"]?.intValue)
    let answer = try http.get("/executions/\(id)/results.pdf")
    XCTAssertEqual(answer.status, 503)
    XCTAssert(answer.text.contains("no font is installed"), answer.text)
    XCTAssertEqual(try process.terminate(), 0)
  }
}
