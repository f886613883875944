/// A request with what is taken from and asked of its response.
public struct RequestStep: Sendable, Equatable {
  public var method: String
  public var url: Template
  public var name: Template?
  /// With the default `Content-Type` of the body, in the order in which they are sent.
  public var headers: [HeaderTemplate]
  public var body: BodyTemplate?
  /// Milliseconds, or nil for the configuration's timeout.
  public var timeoutMs: Int?
  public var extractions: [Extraction]
  public var checks: [Check]
}

public struct HeaderTemplate: Sendable, Equatable {
  public var name: String
  public var value: Template
}

public enum BodyTemplate: Sendable, Equatable {
  case text(Template)
  /// JSON text in pieces.
  case json([JSONPart])
  /// Percent-encoded names and values.
  case form([HeaderTemplate])

  public enum JSONPart: Sendable, Equatable {
    case bytes([UInt8])
    /// A whole JSON value: a template that is one expression keeps the type of its value, any
    /// other becomes a string.
    case value(Template)
  }
}

/// Takes a value from a response into a variable.
public struct Extraction: Sendable, Equatable {
  public enum Source: Sendable, Equatable {
    case json(JSONPath)
    case header(String)
    /// A pattern of ICU's syntax; its first group if it has one, otherwise the whole match.
    case regex(String)
  }

  public var variable: String
  public var source: Source
}

/// Something that should hold for a response. A failed check fails neither request nor iteration.
public struct Check: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case status([Int])
    case json(JSONPath, Test)
    case header(String, Test)
    case bodyContains(Template)
    /// Milliseconds from the request's start to its end.
    case maxMs(Int)
  }

  public enum Test: Sendable, Equatable {
    case exists(Bool)
    /// Equal as JSON; `5` equals `5.0`.
    case equalsValue(JSONValue)
    /// Equal as text, or as numbers if both sides are.
    case equals(Template)
    case contains(Template)
  }

  public var name: String
  public var kind: Kind
}
