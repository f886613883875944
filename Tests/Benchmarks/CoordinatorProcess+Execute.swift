import Shared
import TestSupport

extension CoordinatorProcess {
  /// Runs a test on the agents of the region `bench` and waits for its end.
  ///
  /// - Parameters:
  ///   - script: as `POST /start` takes it.
  ///   - goal: further members of the configuration, as JSON without braces.
  /// - Returns: how many requests were made.
  func execute(_ script: JSONObject, clients: Int, _ goal: String) throws -> Int64 {
    let body = """
      {"name":"bench","regions":[{"name":"bench","concurrentClients":\(clients)}],\(goal),
       "script":\(JSONValue.object(script).text)}
      """
    let response = try http.send("POST", "/start", body: body)
    guard case .int(let id)? = try response.json().objectValue?["id"] else {
      throw TestFailure("not started: \(response.text)")
    }
    try process.waitForLine(
      containing: "Test completed execution=\(id)", in: .errors, seconds: 180)
    let summary = try http.get("/executions/\(id)/summary").json()
    guard case .int(let count)? = summary.objectValue?["count"], count > 0 else {
      throw TestFailure("execution \(id) has no results")
    }
    return count
  }
}
