import Shared

/// An error as the API answers it (RFC 9457).
public struct Problem: Error, Sendable, Equatable {
  /// What kind it is; part of `type`.
  public enum Kind: String, Sendable, CaseIterable {
    case malformedRequest = "malformed-request"
    case malformedURL = "malformed-url"
    case malformedJSON = "malformed-json"
    case forbidden
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    case conflict = "conflict"
    case bodyTooLarge = "body-too-large"
    case unsupportedMediaType = "unsupported-media-type"
    case rangeNotSatisfiable = "range-not-satisfiable"
    case misdirectedRequest = "misdirected-request"
    case invalid = "invalid"
    case tooManyRequests = "too-many-requests"
    case internalError = "internal-error"
    case unavailable = "unavailable"
    case diskFull = "disk-full"
  }

  public var kind: Kind
  public var detail: String
  /// Every bad field of the input.
  public var errors: [FieldError] = []
  /// Methods that the path does have, for 405.
  public var allowed: [String] = []

  public init(_ kind: Kind, _ detail: String) {
    self.kind = kind
    self.detail = detail
  }

  /// 422 naming all bad fields.
  public static func invalid(_ errors: [FieldError]) -> Problem {
    var problem = Problem(.invalid, ValidationError(errors: errors).description)
    problem.errors = errors
    return problem
  }

  public static func methodNotAllowed(_ allowed: [String]) -> Problem {
    var problem = Problem(.methodNotAllowed, "this path takes \(allowed.joined(separator: ", "))")
    problem.allowed = allowed
    return problem
  }

  public var status: Int {
    switch kind {
    case .malformedRequest, .malformedURL, .malformedJSON: 400
    case .forbidden: 403
    case .notFound: 404
    case .methodNotAllowed: 405
    case .conflict: 409
    case .bodyTooLarge: 413
    case .unsupportedMediaType: 415
    case .rangeNotSatisfiable: 416
    case .misdirectedRequest: 421
    case .invalid: 422
    case .tooManyRequests: 429
    case .internalError: 500
    case .unavailable: 503
    case .diskFull: 507
    }
  }

  private var title: String {
    switch kind {
    case .malformedRequest: "Malformed request"
    case .malformedURL: "Malformed URL"
    case .malformedJSON: "Malformed JSON"
    case .forbidden: "Forbidden"
    case .notFound: "Not found"
    case .methodNotAllowed: "Method not allowed"
    case .conflict: "Conflict with the present state"
    case .bodyTooLarge: "Body too large"
    case .unsupportedMediaType: "Unsupported media type"
    case .rangeNotSatisfiable: "Range not satisfiable"
    case .misdirectedRequest: "Misdirected request"
    case .invalid: "Invalid input"
    case .tooManyRequests: "Too many requests"
    case .internalError: "Internal error"
    case .unavailable: "Unavailable"
    case .diskFull: "Out of disk space"
    }
  }

  public var response: HTTPResponse {
    var json = JSONWriter()
    json.beginObject()
    json.member("type", "urn:throng:problem:\(kind.rawValue)")
    json.member("title", title)
    json.member("status", Int64(status))
    json.member("detail", detail)
    if !errors.isEmpty {
      json.key("errors")
      json.beginArray()
      for error in errors {
        json.beginObject()
        json.member("field", error.field)
        json.member("message", error.message)
        json.endObject()
      }
      json.endArray()
    }
    json.endObject()
    var headers = [(name: "Content-Type", value: "application/problem+json")]
    if !allowed.isEmpty {
      headers.append((name: "Allow", value: allowed.joined(separator: ", ")))
    }
    // Nobody knows where a next request would begin.
    if kind == .malformedRequest { headers.append((name: "Connection", value: "close")) }
    if kind == .unavailable || kind == .tooManyRequests {
      headers.append((name: "Retry-After", value: "1"))
    }
    return HTTPResponse(status: status, headers: headers, body: .bytes(json.bytes))
  }
}
