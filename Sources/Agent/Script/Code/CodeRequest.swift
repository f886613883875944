import Shared

/// Requests of `Code` scripts in the engine's form.
enum CodeRequest {
  /// How a script wants a body.
  enum BodyForm: Int { case text = 0, binary, none }

  /// A GET of nothing but a URL, kept for all who send it.
  static func plain(url: String) -> ScriptRequest {
    ScriptRequest(
      method: "GET", url: url, needsBody: true, needsHead: true, isOfCode: true,
      isConstant: true)
  }

  /// From the arguments of `host.request`: slot, operation, method, URL, name, header lines, body,
  /// timeout in ms, redirects, body form, accepted statuses, cookies in the form of
  /// `RequestCookie.list`, jar, how to log in, user, password. No URL is undefined.
  static func make(_ arguments: HostArguments) -> ScriptRequest {
    let method = arguments.text(2)
    let url = arguments.text(3)
    let name = arguments.text(4)
    let lines = arguments.texts(5)
    let headers = stride(from: 0, to: lines.count - 1, by: 2).map {
      (name: lines[$0], value: lines[$0 + 1])
    }
    let timeout = arguments.int(7)
    let redirects = arguments.int(8)
    let form = BodyForm(rawValue: arguments.int(9)) ?? .text
    let limits = arguments.numbers(10).map { Int(max(0, min($0.isNaN ? 0 : $0, 999))) }
    let accepted = stride(from: 0, to: limits.count - 1, by: 2).map {
      min(limits[$0], limits[$0 + 1])...max(limits[$0], limits[$0 + 1])
    }
    return ScriptRequest(
      method: method, url: url, name: name.isEmpty ? nil : name, headers: headers,
      body: arguments.bytes(6), timeoutMs: timeout > 0 ? min(timeout, 86_400_000) : nil,
      needsBody: form != .none, needsHead: true,
      redirectsMax: redirects >= 0 ? min(redirects, 100) : nil,
      accepted: arguments.isUndefined(10) ? nil : accepted,
      problem: arguments.isUndefined(3) ? noURL : problem(method, headers),
      isBinary: form == .binary, isOfCode: true,
      cookies: arguments.isUndefined(11) ? [] : RequestCookie.list(arguments.texts(11)),
      jar: JarObject.jar(arguments, 12), login: login(arguments))
  }

  private static func login(_ arguments: HostArguments) -> Login? {
    guard let scheme = Login.Scheme(rawValue: arguments.int(13)) else { return nil }
    return Login(scheme: scheme, user: arguments.text(14), password: arguments.text(15))
  }

  private static let noURL = RequestProblem.invalidURL("it is neither a text nor a URL")

  private static func problem(
    _ method: String, _ headers: [(name: String, value: String)]
  ) -> RequestProblem? {
    guard HTTPToken.isToken(method) else {
      return RequestProblem("'\(method.prefix(40))' is no HTTP method")
    }
    for header in headers where !HTTPToken.isToken(header.name) {
      return RequestProblem("'\(header.name.prefix(40))' is no name of a header")
    }
    return RequestRules.problem(headers: headers)
  }
}

extension ScriptResponse {
  /// The prelude knows it, too: a body like that ends the iteration.
  private static let bodyTooLargeCode = 1_602

  /// k6's number for a failure (k6 documentation, "Error codes"); 0 when there was none.
  var errorCode: Int {
    if let problem { return problem.code }
    return switch error {
    case .none: status >= 400 ? 1_000 + status : 0
    case .dns: 1_101
    case .connectRefused: 1_212
    case .connectTimeout: 1_211
    case .connectFailed: 1_210
    case .tls: 1_300
    case .reset: 1_220
    case .timeout, .tlsTimeout: 1_050
    case .protocolError: 1_600
    case .bodyTooLarge: Self.bodyTooLargeCode
    case .tooManyRedirects, .invalidRequest, .agentResources, .aborted, .headersTooLarge, .other:
      1_000
    }
  }

  var errorText: String { problem?.text ?? error.sentence }
}

extension ErrorReason {
  /// For scripts and people.
  var sentence: String {
    switch self {
    case .none: ""
    case .dns: "the host name does not resolve"
    case .connectRefused: "connection refused"
    case .connectTimeout: "connecting took too long"
    case .connectFailed: "cannot connect"
    case .tls: "TLS failed"
    case .reset: "connection reset by the server"
    case .timeout: "request timeout"
    case .tlsTimeout: "the TLS handshake took too long"
    case .headersTooLarge: "the headers are larger than allowed"
    case .protocolError: "the response is no valid HTTP"
    case .bodyTooLarge: "the body is larger than allowed"
    case .tooManyRedirects: "too many redirects"
    case .invalidRequest: "the request cannot be sent"
    case .agentResources: "this agent has run out of descriptors, ports or memory"
    case .aborted: "cut by the end of the test"
    case .other: "failed"
    }
  }
}
