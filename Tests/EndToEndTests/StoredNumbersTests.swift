import Foundation
import Shared
import TestSupport
import XCTest

/// Extreme numbers in the database file: whatever stands there, the coordinator starts, answers
/// every route, and lives on.
final class StoredNumbersTests: XCTestCase {
  /// Sets the `k`-th number of every table's rows; prints what it set. Keys and references stay:
  /// without them, nobody would come across the numbers.
  private static let program = """
    import sqlite3, sys
    path, k, value = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    keys = {'execution', 'execution_region', 'chunk', 'configuration', 'script', 'region',
      'resource', 'suite', 'test', 'file', 'baseline', 'first_result', 'last_result'}
    db = sqlite3.connect(path)
    tables = [row[0] for row in db.execute(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
    for table in tables:
      columns = [row[1] for row in db.execute(f'PRAGMA table_info({table})')
        if row[2] == 'INTEGER' and not row[5] and row[1] not in keys and table != 'meta']
      if k < len(columns) and db.execute(f'SELECT count(*) FROM {table}').fetchone()[0] > 0:
        db.execute(f'UPDATE OR IGNORE {table} SET "{columns[k]}" = ?', (value,))
        print(f'{table}.{columns[k]}')
    db.commit()
    """

  private static let code = """
    import http from 'k6/http';
    import { check, group } from 'k6';
    import { Trend } from 'k6/metrics';
    const trend = new Trend('mine');
    export default function () {
      const answer = http.get('URL');
      check(answer, { ok: (r) => r.status === 200, wrong: (r) => r.status === 1 });
      group('inner', () => trend.add(5));
      console.log('line');
      http.get('http://127.0.0.1:9/');
      if (__ITER === 1) throw new Error('thrown');
    }
    """

  private static let suites = """
    module.exports = async () => {
      results.counter('counted', 1);
      results.timing('timed', 5);
      output.file('out.txt', 'text');
      await describe('suite', () => {
        it('passes', () => {});
        it('fails', () => { throw new Error('no'); });
      });
    };
    """

  func test_whateverStandsInTheFile_theCoordinatorStartsAndAnswers() throws {
    let seed = try TemporaryDirectory()
    var executions: [Int] = []
    do {
      let cluster = try Cluster(dataDirectory: seed.path)
      let code = Self.code.replacing("URL", with: cluster.nginx.url + "/json")
      for code in [code, Self.suites] {
        let execution = try cluster.start(
          code: code, regions: [("eu-west", 2)], #""iterations":2,"tracing":{"perMinute":60}"#)
        try execution.waitUntilCompleted()
        executions.append(execution.id)
      }
      XCTAssertEqual(try cluster.coordinator.process.terminate(), 0)
    }
    var columns: Set<String> = []
    for value in [-1, Int64.min, .max] {
      for index in 0..<30 {
        let directory = try TemporaryDirectory()
        let copy = directory.file("data")
        try FileManager.default.copyItem(atPath: seed.path, toPath: copy)
        let set = try ChildProcess.run(
          "python3", ["-c", Self.program, "\(copy)/throng.db", "\(index)", "\(value)"])
        if set.isEmpty { break }
        columns.formUnion(set.split(separator: "\n").map(String.init))
        let coordinator = try CoordinatorProcess(dataDirectory: copy)
        try askEverything(coordinator, executions, "\(value) in \(set)")
        XCTAssertTrue(coordinator.process.isRunning, "\(value) in \(set)")
      }
    }
    XCTAssertGreaterThan(columns.count, 80)
  }

  /// Asks every `GET` route that the specification names.
  private func askEverything(
    _ coordinator: CoordinatorProcess, _ executions: [Int], _ what: String
  ) throws {
    let specification = try coordinator.http.get("/openapi.json").json()
    for (path, item) in specification["paths"]?.objectValue?.members ?? []
    where item["get"] != nil && !path.contains("stream") {
      for id in path.hasPrefix("/executions/{id}") ? executions : [1] {
        let target = path.replacing(/\{[^}]+\}/, with: "\(id)")
        // A row that says that it is of another execution cuts an answer short; nobody dies of it.
        guard let response = try? coordinator.http.get(target) else {
          XCTAssertEqual(try coordinator.http.get("/healthz").status, 200, "\(target): \(what)")
          continue
        }
        XCTAssertLessThan(response.status, 500, "\(target) with \(what): \(response.text)")
      }
    }
  }
}
