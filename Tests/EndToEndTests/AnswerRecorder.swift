import Foundation
import Shared
import TestSupport

/// Asks what the specification describes and keeps every answer, for a program that holds them
/// against it.
final class AnswerRecorder {
  /// What an operation of the document is, as far as asking it needs.
  struct Operation {
    var method: String
    var path: String
    var details: JSONValue

    var id: String { details["operationId"]?.stringValue ?? "" }

    func parameters(_ place: String) -> [JSONValue] {
      (details["parameters"]?.arrayValue ?? []).filter { $0["in"]?.stringValue == place }
    }

    /// The body that the document gives as an example.
    var example: JSONObject? {
      details["requestBody"]?["content"]?["application/json"]?["example"]?.objectValue
    }
  }

  let document: JSONValue
  private let http: HTTPClient
  private var lines: [String] = []
  /// Operations that have answered as they should, by their ids.
  private(set) var succeeded: Set<String> = []

  init(_ http: HTTPClient) throws {
    self.http = http
    document = try http.get("/openapi.json").json()
  }

  var operations: [Operation] {
    (document["paths"]?.objectValue?.members ?? []).flatMap { path, item in
      (item.objectValue?.members ?? []).map { method, details in
        Operation(method: method.uppercased(), path: path, details: details)
      }
    }
  }

  func operation(_ id: String) throws -> Operation {
    guard let found = operations.first(where: { $0.id == id }) else {
      throw TestFailure("no operation \(id)")
    }
    return found
  }

  /// Asks, and keeps the answer.
  @discardableResult
  func ask(
    _ operation: Operation, _ target: String, body: String? = nil,
    headers: [String: String] = [:]
  ) throws -> HTTPClient.Response {
    let response = try http.send(operation.method, target, body: body, headers: headers)
    let isThere =
      response.status != 404 || !response.text.contains("there is nothing at this path")
    if isThere {
      let line: JSONValue = .object([
        "method": .string(operation.method), "path": .string(operation.path),
        "url": .string(target), "status": .int(Int64(response.status)),
        "type": .string(response.headers["content-type"] ?? ""),
        "body": .string(Data(response.body).base64EncodedString()),
      ])
      lines.append(line.text)
    }
    if (200..<300).contains(response.status) { succeeded.insert(operation.id) }
    return response
  }

  /// Faults that the checker finds, and how many answers it has looked at.
  func check() throws -> (faults: [String], count: Int) {
    let directory = try TemporaryDirectory()
    let specification = directory.file("openapi.json")
    let answers = directory.file("answers.jsonl")
    try Data(document.encoded()).write(to: URL(filePath: specification))
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: answers))
    let output = try ChildProcess.run(
      "python3", [Self.folder.appending(path: "check_answers.py").path, specification, answers])
    var found = output.split(separator: "\n").map(String.init)
    let count = found.popLast().flatMap { Int($0.prefix { $0.isNumber }) }
    return (found, count ?? 0)
  }

  /// Programs that hold servers against documents.
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/openapi")

  /// Whether this machine has a module of Python.
  static func has(_ module: String) -> Bool {
    (try? ChildProcess.run("python3", ["-c", "import \(module)"])) != nil
  }
}
