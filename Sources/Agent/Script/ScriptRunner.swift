import Shared

/// What a client does next.
enum ScriptAction {
  /// Make the request, then call `requestFinished`.
  case request(ScriptRequest)
  /// Wait, then call `sleepFinished`. Zero means: let other clients go first.
  case sleep(micros: Int64)
  /// A `Code` script waits for what it asked its realm for.
  case goesOnByItself
  /// Wait for an event of this name which the client has not had, but not for longer than the
  /// timeout, then call `waitFinished`.
  case waitForEvent(String, timeoutMicros: Int64)
  /// The iteration is over. It failed if a template or a condition could not be evaluated.
  case end(failed: Bool)
}

/// One HTTP request to make.
///
/// An instance for a request without templates is built once and handed out again and again, so
/// that the engine can keep what it prepared for it by identity (`===`).
/// `@unchecked Sendable` because a final class of constants whose tuples the compiler does not
/// look into is safe to share: nothing of it ever changes, but for a jar, and a request with one
/// stays on the engine's thread of the script that made both.
final class ScriptRequest: @unchecked Sendable {
  let method: String
  /// The URL as the script has it: what results are named after.
  let url: String
  /// The URL as it is sent; nil when there is a problem.
  let target: RequestURL?
  /// What results are grouped under, instead of `METHOD url`.
  let name: String?
  let headers: [(name: String, value: String)]
  let body: [UInt8]?
  /// Cookies of this request alone.
  let cookies: [RequestCookie]
  /// The jar that is used instead of the client's, or nil.
  let jar: CookieJar?
  /// How to log in, where it is not by Basic.
  let login: Login?
  /// The URL of the hop before, as `Referer` says it.
  let referrer: String?
  /// Milliseconds for the whole exchange, or nil for the configuration's.
  let timeoutMs: Int?
  /// Whether the script reads the response's body or headers.
  let needsBody: Bool
  let needsHeaders: Bool
  /// Whether the script reads status line and headers as they came.
  let needsHead: Bool
  /// Whether the script wants the body as bytes.
  let isBinary: Bool
  /// Redirects followed at most, or nil for the configuration's.
  let redirectsMax: Int?
  /// Ranges of statuses that count as success; nil for everything below 400.
  let accepted: [ClosedRange<Int>]?
  /// Why the request cannot be sent; the engine records it as `invalidRequest`.
  let problem: RequestProblem?
  /// Whether a `Code` script makes it: then redirects end as in k6.
  let isOfCode: Bool
  /// Whether the program keeps this instance for all its iterations.
  let isConstant: Bool
  /// The host name that a resolver must be asked for, or nil.
  let lookupHost: String?

  /// Whether it goes without TLS.
  var isPlain: Bool { target?.isSecure != true }
  var sentURL: String { target?.text ?? url }

  /// Whether sending it twice has the effect of sending it once (RFC 9110 9.2.2).
  var isIdempotent: Bool {
    switch method {
    case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE": true
    default: false
    }
  }

  init(
    method: String, url: String, name: String? = nil,
    headers: [(name: String, value: String)] = [], body: [UInt8]? = nil, timeoutMs: Int? = nil,
    needsBody: Bool = false, needsHeaders: Bool = false, needsHead: Bool = false,
    redirectsMax: Int? = nil, accepted: [ClosedRange<Int>]? = nil,
    problem: RequestProblem? = nil, isBinary: Bool = false, isOfCode: Bool = false,
    isConstant: Bool = false, cookies: [RequestCookie] = [], jar: CookieJar? = nil,
    referrer: String? = nil, login: Login? = nil
  ) {
    self.method = method
    self.url = url
    self.name = name
    self.headers = headers
    self.body = body
    self.timeoutMs = timeoutMs
    self.needsBody = needsBody
    self.needsHeaders = needsHeaders
    self.needsHead = needsHead
    self.redirectsMax = redirectsMax
    self.accepted = accepted
    self.isBinary = isBinary
    self.isOfCode = isOfCode
    self.isConstant = isConstant
    self.cookies = cookies
    self.jar = jar
    self.referrer = referrer
    self.login = login
    var found = problem
    var address: RequestURL?
    if found == nil {
      do throws(RequestProblem) { address = try RequestURL(url) } catch { found = error }
    }
    target = address
    self.problem = found
    lookupHost = target?.lookupHost
  }

  /// Whether a response of this status counts as success.
  @inline(__always)
  func accepts(status: Int) -> Bool {
    guard let accepted else { return status > 0 && status < 400 }
    return accepted.contains { $0.contains(status) }
  }
}

/// What came back from the final hop, lent to the script for the duration of a call.
struct ScriptResponse {
  /// HTTP status, 0 when there was no response.
  var status: Int
  var error: ErrorReason
  /// Microseconds from the request's start to its end.
  var totalMicros: Int64
  /// Only filled if the request `needsBody`.
  var body: [UInt8]
  /// Only filled if the request `needsHeaders`.
  var headers: [(name: String, value: String)]
  /// What the script wants of the body.
  var form = CodeRequest.BodyForm.text
  /// Only filled if the request `needsHead`.
  var head: [UInt8] = []
  /// Why the request could not be sent, if it could not.
  var problem: RequestProblem?
  /// The `Cookie` header of the first hop, but for what the script's own headers say.
  var cookies: [UInt8] = []
  /// Whether it sets cookies.
  var setsCookies = false
  /// The number of the connection that it came over; 0 when there was none.
  var peer: Int32 = 0
  /// Where redirects led to, if there were any.
  var url: String?
  /// Of the last hop.
  var timings = Timings()

  /// Microseconds from the start of the hop; −1 for what did not happen, for `close` when nothing
  /// was sent.
  struct Timings {
    var dns: Int32 = -1
    var open: Int32 = -1
    var tls: Int32 = -1
    var first: Int32 = -1
    var close: Int32 = 0
  }

  init(
    status: Int, error: ErrorReason, totalMicros: Int64, body: [UInt8] = [],
    headers: [(name: String, value: String)] = [], problem: RequestProblem? = nil
  ) {
    self.problem = problem
    self.status = status
    self.error = error
    self.totalMicros = totalMicros
    self.body = body
    self.headers = headers
  }
}

/// Who a client is; `vu.*` in templates.
struct ScriptIdentity: Sendable {
  /// Index across the execution, from 0.
  var client: Int
  /// Index within the execution region, from 0.
  var regionalIndex: Int
  /// Name of the region.
  var region: String
  var execution: Int64
  var chunk: Int64
}

/// What one client runs, iteration after iteration.
protocol UserScript: AnyObject {
  /// Starts an iteration from a clean state; also after one that was cut short.
  func beginIteration(_ number: Int) -> ScriptAction
  /// Takes in the response to a request.
  ///
  /// - Parameter operation: of a `Code` script, which may have several under way.
  func requestFinished(
    _ operation: Int32, _ response: borrowing ScriptResponse, checks: any CheckSink
  ) -> ScriptAction
  func sleepFinished() -> ScriptAction
  /// The event waited for has come, or did not in time.
  func waitFinished(_ event: JSONValue?) -> ScriptAction
  /// The iteration is cut short: nothing of it goes on.
  func abandon()
}

/// A client of a `Steps` script, on the engine's side of the seam.
final class StepsUser: UserScript {
  private var client: StepsClient

  init(_ client: StepsClient) { self.client = client }

  func beginIteration(_ number: Int) -> ScriptAction { client.beginIteration(number) }

  func requestFinished(
    _ operation: Int32, _ response: borrowing ScriptResponse, checks: any CheckSink
  ) -> ScriptAction { client.requestFinished(response, checks: checks) }

  func sleepFinished() -> ScriptAction { client.sleepFinished() }

  func waitFinished(_ event: JSONValue?) -> ScriptAction { client.waitFinished(event) }

  func abandon() {}
}

/// Takes how checks of a client came out, by their index in `StepsProgram.checkNames`.
protocol CheckSink: AnyObject {
  func check(_ index: Int, passed: Bool)
  /// A regular expression was searched for in vain for too long; says which.
  func searchGivenUp(_ reason: String)
}
