import Foundation
import Shared
import TestSupport
import XCTest

/// What a deletion leaves in the data directory, as another program sees it.
final class DeletionTests: XCTestCase {
  /// Rows of an execution by table, counted by Python's sqlite3 in every table that has such rows.
  private static let counter = """
    import json, sqlite3, sys
    db = sqlite3.connect(f"file:{sys.argv[1]}/throng.db?mode=ro", uri=True)
    tables = [r[0] for r in db.execute(
      "SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) c "
      "WHERE m.type = 'table' AND c.name = 'execution'")]
    count = "SELECT count(*) FROM {} WHERE execution = ?"
    rows = {t: db.execute(count.format(t), (sys.argv[2],)).fetchone()[0] for t in tables}
    rows["deletions"] = db.execute("SELECT count(*) FROM deletions").fetchone()[0]
    print(json.dumps(rows))
    """

  private func rows(_ directory: String, of execution: Int) throws -> [String: Int] {
    let text = try ChildProcess.run("python3", ["-c", Self.counter, directory, "\(execution)"])
    let object = try XCTUnwrap(try JSONValue.parse(Array(text.utf8)).objectValue)
    return Dictionary(uniqueKeysWithValues: object.members.map { ($0.0, $0.1.intValue ?? -1) })
  }

  func test_coordinatorKilledAfterADeletion_removesTheRestAfterItsStart() throws {
    let directory = try TemporaryDirectory()
    let data = directory.file("data")
    var executions: [Int] = []
    do {
      let cluster = try Cluster(dataDirectory: data)
      for _ in 0..<2 {
        let execution = try cluster.start(
          code: """
            export default async function () {
              const response = await http.get('\(cluster.nginx.url)/');
              log.info('seen');
              output.file('page.html', response.body, 'text/html');
            }
            """, "\"iterations\":40")
        try execution.waitUntilCompleted()
        executions.append(execution.id)
      }
      XCTAssertEqual(try rows(data, of: executions[0])["output_files"], 160)
      XCTAssertEqual(
        try Execution(id: executions[0], coordinator: cluster.coordinator).send("DELETE", "")["id"]?
          .intValue, executions[0])
      cluster.coordinator.process.send(signal: SIGKILL)
      try cluster.coordinator.process.waitForExit()
    }
    let kept = try rows(data, of: executions[1])
    XCTAssertGreaterThan(kept["batches"] ?? 0, 0)
    let coordinator = try CoordinatorProcess(dataDirectory: data)
    for path in ["", "/results.csv", "/logs", "/output-files"] {
      let response = try coordinator.http.get("/executions/\(executions[0])\(path)")
      XCTAssertEqual(response.status, 404, path)
    }
    try Poll.until("nothing is left of it") {
      try rows(data, of: executions[0]).allSatisfy { $0.value == 0 }
    }
    XCTAssertFalse(FileManager.default.fileExists(atPath: "\(data)/files/\(executions[0])"))
    XCTAssertTrue(FileManager.default.fileExists(atPath: "\(data)/files/\(executions[1])"))
    for (table, count) in try rows(data, of: executions[1]) where table != "deletions" {
      XCTAssertEqual(count, kept[table], table)
    }
  }
}
