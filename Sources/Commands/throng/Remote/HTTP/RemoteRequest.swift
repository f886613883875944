import Shared

/// One request to the coordinator.
struct RemoteRequest {
  var path: RemotePath
  var method = "GET"
  var body: [UInt8]?
  /// Further header lines, e.g. `Last-Event-ID: 7`.
  var headers: [String] = []
  /// What the answer must be, when it says what it is: a page of something else is no report.
  var contentType = "application/json"
  /// Seconds without a byte after which the answer counts as cut: longer than any work of a
  /// coordinator takes.
  var idleSecsMax = 300.0

  init(_ path: RemotePath, method: String = "GET", body: JSONValue? = nil) {
    self.path = path
    self.method = method
    self.body = body?.encoded()
  }
}
