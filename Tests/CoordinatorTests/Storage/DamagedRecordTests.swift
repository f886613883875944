import Foundation
import Shared
import TestSupport
import XCTest

@testable import Coordinator

/// One record that cannot be read keeps neither the coordinator nor the others from working.
final class DamagedRecordTests: XCTestCase {
  private var directory: TemporaryDirectory!

  override func setUpWithError() throws { directory = try TemporaryDirectory() }
  override func tearDown() {
    directory = nil
  }

  private func withCoordinator<Result>(
    _ body: (CoordinatorRuntime) throws -> Result
  ) throws -> Result {
    let any = HostPort(host: "127.0.0.1", port: 0)
    let runtime = try CoordinatorRuntime(
      options: .init(http: any, agents: any, dataDirectory: directory.path))
    defer { _ = runtime.shutDown(seconds: 1) }
    return try body(runtime)
  }

  private func call(
    _ runtime: CoordinatorRuntime, _ method: String, _ target: String, _ body: String = ""
  ) throws -> Answer {
    try Answer(of: runtime.handle(HTTPRequest(method, target, body: body)))
  }

  /// Two configurations with an execution each; only the first pair will be damaged.
  private func fill() throws {
    try withCoordinator { runtime in
      _ = try call(runtime, "POST", "/regions", #"{"name":"north"}"#)
      for name in ["one", "two"] {
        let answer = try call(
          runtime, "POST", "/test-confs", "{\"name\":\"\(name)\",\(Self.limited)}")
        XCTAssertEqual(answer.status, 201, answer.text)
        let id = try answer.id()
        XCTAssertEqual(try call(runtime, "POST", "/test-confs/\(id)/executions").status, 201)
      }
      let table = HTTPRequest(
        "POST", "/data-tables?name=names", headers: [(name: "Content-Type", value: "text/csv")],
        body: "a,b\n1,2\n")
      _ = runtime.handle(table)
    }
  }

  private static var limited: String {
    #""script":\#(APIFixture.stepsScript),"iterations":1,"concurrentClients":1,"#
      + #""regions":["north"]"#
  }

  private func damage(_ statement: String) throws {
    let database = try Database(path: directory.file("throng.db"))
    try database.execute(statement)
    // As after a kill.
    try database.execute("UPDATE executions SET completed = 0, running = 1, failure = NULL")
  }

  private func copyAside() throws -> () throws -> Void {
    let aside = try TemporaryDirectory()
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    for name in names {
      try FileManager.default.copyItem(atPath: directory.file(name), toPath: aside.file(name))
    }
    return { [directory] in
      guard let directory else { return }
      for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
        try FileManager.default.removeItem(atPath: directory.file(name))
      }
      for name in names {
        try FileManager.default.copyItem(atPath: aside.file(name), toPath: directory.file(name))
      }
    }
  }

  func test_damagedExecutions_areSetAsideAndNamed() throws {
    try fill()
    let restore = try copyAside()
    for column in ["http", "load", "tracing"] {
      for text in ["[[[", "", #"{"x":1e300}"#] {
        try restore()
        try damage("UPDATE executions SET \(column) = '\(text)' WHERE id = 1")
        try withCoordinator { runtime in
          let one = try call(runtime, "GET", "/executions/1")
          XCTAssertEqual(one.status, 200, one.text)
          XCTAssertTrue(one.text.contains("Its \(column) cannot be read"), one.text)
          XCTAssertEqual(try one.object()["completed"], .bool(true))
          XCTAssertTrue(
            try call(runtime, "GET", "/executions/1/logs.txt").text.contains(
              "ERROR Its \(column) cannot be read and was set aside"))
          XCTAssertEqual(try call(runtime, "GET", "/executions").array().count, 2)
          let two = try call(runtime, "GET", "/executions/2")
          XCTAssertEqual(
            try two.object()["failure"]?.stringValue,
            "The coordinator was restarted while the test ran")
        }
      }
    }
  }

  func test_damagedConfigurations_areNamed_andRunNothing() throws {
    try fill()
    let restore = try copyAside()
    for column in ["regions", "http", "load", "tracing"] {
      for text in ["[[[", "", "{\"x\":1e300}", "[{\"name\":\"north\",\"concurrentClients\":-1}]"] {
        try restore()
        try damage("UPDATE test_configurations SET \(column) = '\(text)' WHERE id = 1")
        try withCoordinator { runtime in
          let list = try call(runtime, "GET", "/test-confs")
          XCTAssertEqual(list.status, 200, list.text)
          XCTAssertEqual(
            try list.array().map { $0["unreadable"]?[0]?.stringValue }, [nil, column])
          let refusal = try call(runtime, "POST", "/test-confs/1/executions")
          XCTAssertEqual(refusal.status, 409, refusal.text)
          XCTAssertTrue(refusal.text.contains(column), refusal.text)
          XCTAssertEqual(try call(runtime, "POST", "/test-confs/2/executions").status, 201)
          let mended = try call(
            runtime, "PUT", "/test-confs/1", "{\"name\":\"one\",\(Self.limited)}")
          XCTAssertEqual(mended.status, 200, mended.text)
          XCTAssertEqual(try call(runtime, "POST", "/test-confs/1/executions").status, 201)
        }
      }
    }
  }

  func test_damagedParts_areNamed() throws {
    try fill()
    let restore = try copyAside()
    for statement in [
      "UPDATE data_tables SET columns = '[[['", "UPDATE data_tables SET row_index = x'ff'",
      "INSERT OR REPLACE INTO configuration_limits (configuration, body) VALUES (1, '[[[')",
      "INSERT OR REPLACE INTO execution_limits (execution, body) VALUES (1, '{}')",
    ] {
      try restore()
      try damage(statement)
      try withCoordinator { runtime in
        for path in ["/executions", "/executions/1", "/test-confs", "/data-tables"] {
          let answer = try call(runtime, "GET", path)
          XCTAssertEqual(answer.status, 200, "\(statement): \(path): \(answer.text)")
        }
      }
    }
  }
}
