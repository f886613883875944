import Shared
import XCTest

@testable import Agent

/// Counts checks by name.
final class CheckCounter: CheckSink {
  private let names: [String]
  private(set) var results: [String: [Bool]] = [:]

  init(_ program: StepsProgram) { names = program.checkNames }

  /// Regular expressions that were given up, and why.
  private(set) var givenUp: [String] = []

  func check(_ index: Int, passed: Bool) { results[names[index], default: []].append(passed) }

  func searchGivenUp(_ reason: String) { givenUp.append(reason) }
}

/// Runs scripts against a function that plays the server.
struct ScriptDriver {
  let program: StepsProgram
  let counter: CheckCounter
  var client: StepsClient
  /// What the client did, in order: `GET http://…`, `sleep 5`, `problem …`.
  private(set) var log: [String] = []
  private(set) var requests: [ScriptRequest] = []
  /// Contents of the events that come, one for each wait.
  var events: [JSONValue] = []

  init(_ steps: String, params: String = "{}", client: Int = 3, seed: UInt64 = 1) throws {
    let script = try StepsScript.parse(text: #"{"steps":[\#(steps)]}"#)
    program = try StepsProgram(
      script: script, params: try JSONValue.parse(text: params), seed: seed)
    counter = CheckCounter(program)
    self.client = StepsClient(
      program: program,
      identity: ScriptIdentity(
        client: client, regionalIndex: 1, region: "north", execution: 77, chunk: 88))
  }

  /// Runs one iteration and says whether it failed; gives up after `actionsMax` actions.
  mutating func run(
    _ iteration: Int = 0, actionsMax: Int = 100,
    _ respond: (ScriptRequest) -> ScriptResponse = { _ in .ok("") }
  ) throws -> Bool {
    var action = client.beginIteration(iteration)
    for _ in 0..<actionsMax {
      switch action {
      case .request(let request):
        requests.append(request)
        log.append(request.problem.map { "problem \($0)" } ?? "\(request.method) \(request.url)")
        action = client.requestFinished(respond(request), checks: counter)
      case .sleep(let micros):
        log.append("sleep \(micros)")
        action = client.sleepFinished()
      case .waitForEvent(let name, let timeoutMicros):
        log.append("wait \(name) \(timeoutMicros)")
        action = client.waitFinished(events.isEmpty ? nil : events.removeFirst())
      case .goesOnByItself: return true
      case .end(let failed): return failed
      }
    }
    throw TooManyActions()
  }
}

extension ScriptResponse {
  static func ok(
    _ body: String, status: Int = 200, headers: [(name: String, value: String)] = [],
    totalMicros: Int64 = 1_000
  ) -> ScriptResponse {
    ScriptResponse(
      status: status, error: .none, totalMicros: totalMicros, body: Array(body.utf8),
      headers: headers)
  }

  static func failed(_ reason: ErrorReason) -> ScriptResponse {
    ScriptResponse(status: 0, error: reason, totalMicros: 1_000)
  }
}

/// The script under test did not come to its end.
struct TooManyActions: Error {}
