import Foundation
import Shared
import XCTest

@testable import Coordinator

/// A store with one of everything, and requests to it made from the specification.
final class DescribedWorld {
  let fixture: APIFixture
  let execution: Int64
  private let ids: [String: Int64]
  private let region: Int64

  init() throws {
    let fixture = try APIFixture()
    fixture.readsLiveStreams = false
    let execution = try fixture.makeExecution()
    var records = RunRecords()
    records.traces = [RecordFactory.trace("GET http://a/")]
    records.files = [RecordFactory.file(0)]
    records.suiteResults = [RecordFactory.suite(), RecordFactory.suite(failure: "no")]
    records.logs = [RecordFactory.log("hello")]
    try fixture.commitResults(of: execution, perRegion: 2, records: records)
    _ = try fixture.call("POST", "/data-tables", #"{"name":"users","content":"a\n1\n"}"#)
    func first(_ path: String) throws -> Int64 {
      guard case .int(let id)? = try fixture.call("GET", path).array().first?.objectValue?["id"]
      else { throw Unexpected(what: "nothing under \(path)") }
      return id
    }
    let trace = try first("/executions/\(execution)/traces")
    ids = [
      "scripts": try first("/scripts"), "test-confs": try first("/test-confs"),
      "data-tables": try first("/data-tables"), "regions": try first("/regions"),
      "agents": try first("/agents"), "executions": execution, "execution-traces": trace,
      "traces": trace, "output-files": try first("/executions/\(execution)/output-files"),
    ]
    let part = try fixture.call("GET", "/executions/\(execution)").object()["regions"]
    guard case .int(let id)? = part?.arrayValue?.first?.objectValue?["id"] else {
      throw Unexpected(what: "no region")
    }
    region = id
    self.fixture = fixture
    self.execution = execution
  }

  /// Operations that are described and that there are routes for.
  var operations: [APIOperation] {
    let routes = Set(API.routes().routes.map { "\($0.method) \($0.pattern)" })
    return Specification.areas.flatMap(\.operations).filter {
      routes.contains("\($0.method == "HEAD" ? "GET" : $0.method) \($0.pattern)")
    }
  }

  /// The path of an operation with ids that there are.
  ///
  /// - Parameter unknown: index of the segment that gets an id that nothing has.
  func path(_ operation: APIOperation, unknown: Int? = nil) -> String {
    let pieces = operation.pattern.split(separator: "/").map(String.init)
    return pieces.enumerated().reduce(into: "") { path, entry in
      let (index, piece) = entry
      guard piece.hasPrefix(":") else {
        path += "/\(piece)"
        return
      }
      let previous = pieces[index - 1]
      let suffix = piece.drop { $0 != "." }
      switch previous {
      case "resources": path += index == unknown ? "/GET%20nothing" : "/GET%20http:%2F%2Fa%2F"
      case "regions" where index > 1: path += index == unknown ? "/987654" : "/\(region)"
      default: path += index == unknown ? "/987654" : "/\(ids[previous] ?? 1)"
      }
      path += suffix
    }
  }

  /// Places of the ids within a path.
  func parameterPlaces(_ operation: APIOperation) -> [Int] {
    let pieces = operation.pattern.split(separator: "/")
    return pieces.indices.filter { pieces[$0].hasPrefix(":") }
  }

  /// The query that an operation must have, and one parameter set in it.
  func query(_ operation: APIOperation, _ name: String = "", _ value: String = "") -> String {
    var parts: [String] = []
    for parameter in operation.parameters where parameter.isRequired && parameter.name != name {
      let example = parameter.schema.json["examples"]?.arrayValue?.first?.stringValue
      parts.append("\(parameter.name)=\(example ?? "\(execution),\(execution + 1)")")
    }
    if !name.isEmpty { parts.append("\(name)=\(value)") }
    return parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
  }

  /// The body that the specification gives as an example, with ids that there are.
  func body(_ operation: APIOperation) -> JSONObject? {
    guard var object = operation.body?.example?.objectValue else { return nil }
    if object["scriptId"] != nil { object["scriptId"] = .int(ids["scripts"] ?? 0) }
    if object["regions"] != nil {
      object["regions"] = .array([
        .object(["name": .string("north"), "concurrentClients": .int(5)])
      ])
    }
    return object
  }

  func call(_ operation: APIOperation, _ target: String) throws -> Answer {
    try fixture.call(
      operation.method, target, body(operation).map { JSONValue.object($0).text } ?? "")
  }

  /// Everything that the store holds: rows of all tables, and the files beside them.
  func dump() throws -> [String] {
    let rows = try fixture.store.read { db in
      let tables = try db.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1") {
        $0.text(0)
      }
      return try tables.flatMap { table in
        let columns = try db.rows("SELECT name FROM pragma_table_info(?)", .text(table)) {
          "quote(\"\($0.text(0))\")"
        }
        return try db.rows("SELECT \(columns.joined(separator: "||','||")) FROM \(table)") {
          "\(table): \($0.text(0))"
        }
      }
    }
    let files = FileManager.default.enumerator(atPath: fixture.store.path)?.compactMap {
      $0 as? String
    }
    // What SQLite does with its own files is its own affair.
    return rows.sorted()
      + (files ?? []).filter { !$0.contains(".db") && !$0.contains("sqlite") }
      .sorted()
  }
}
