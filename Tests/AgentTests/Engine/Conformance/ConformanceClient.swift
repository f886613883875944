import Shared
import TestSupport

@testable import Agent

/// A client whose iterations are cases: each makes its requests, one after the other.
final class ConformanceClient: UserScript {
  struct Task: Sendable {
    var wireCase: WireCase
    var port: UInt16
    var report: @Sendable (ConformanceRun.Result) -> Void
  }

  private let tasks: [Task]
  private var task: Task?
  private var done = 0

  init(_ tasks: [Task]) { self.tasks = tasks }

  func beginIteration(_ number: Int) -> ScriptAction {
    guard number < tasks.count else { return .end(failed: false) }
    task = tasks[number]
    done = 0
    return next()
  }

  private func next() -> ScriptAction {
    guard let task, done < task.wireCase.expected.count else { return .end(failed: false) }
    let it = task.wireCase
    return .request(
      ScriptRequest(
        method: it.method, url: "http://127.0.0.1:\(task.port)\(it.path)", name: it.name,
        headers: it.headers, body: it.body, timeoutMs: it.timeoutMs, needsBody: true,
        needsHeaders: true, redirectsMax: 0))
  }

  func requestFinished(
    _ operation: Int32, _ response: borrowing ScriptResponse, checks: any CheckSink
  ) -> ScriptAction {
    done += 1
    task?.report(
      ConformanceRun.Result(
        error: response.error.name, status: response.status, body: response.body,
        headers: response.headers))
    return next()
  }

  func sleepFinished() -> ScriptAction { .end(failed: true) }
  func waitFinished(_ event: JSONValue?) -> ScriptAction { .end(failed: true) }
  func abandon() {}
}
