import Shared

/// One method of one path, as the specification shows it.
struct APIOperation: Sendable {
  var method: String
  /// As the router has it: `executions/:id/summary`.
  var pattern: String
  /// Unique, a name for functions of generated clients.
  var id: String
  var summary: String
  var details: String
  /// Those of the query and of headers.
  var parameters: [Parameter]
  var body: Content?
  var answers: [Answer]
  /// How it can fail beside what every operation has in common.
  var problems: [Problem.Kind]

  /// A body: of a request, or of an answer.
  struct Content: Sendable {
    /// By media type.
    var types: [(type: String, schema: Schema)]
    var description: String
    var example: JSONValue?

    static func json(
      _ schema: Schema, _ description: String, example: JSONValue? = nil
    ) -> Content {
      Content(
        types: [("application/json", schema)], description: description, example: example)
    }
  }

  struct Answer: Sendable {
    var status = 200
    var content: Content
    /// Headers that are worth a word, with what they say.
    var headers: [(name: String, description: String)] = []
  }

  static func get(
    _ pattern: String, _ id: String, _ summary: String, _ details: String = "",
    _ parameters: [Parameter] = [], _ answers: Answer...
  ) -> APIOperation {
    APIOperation(
      method: "GET", pattern: pattern, id: id, summary: summary, details: details,
      parameters: parameters, body: nil, answers: answers, problems: [])
  }

  static func change(
    _ method: String, _ pattern: String, _ id: String, _ summary: String, _ details: String = "",
    _ parameters: [Parameter] = [], body: Content? = nil, answer: Answer...,
    problems: [Problem.Kind] = []
  ) -> APIOperation {
    APIOperation(
      method: method, pattern: pattern, id: id, summary: summary, details: details,
      parameters: parameters, body: body, answers: answer, problems: problems)
  }
}

extension APIOperation.Answer {
  static func json(_ schema: Schema, _ description: String) -> Self {
    Self(content: .json(schema, description))
  }

  /// 201 with the place of what was made.
  static func created(_ schema: Schema, _ description: String) -> Self {
    Self(
      status: 201, content: .json(schema, description),
      headers: [("Location", "Path of what was made.")])
  }

  /// What browsers should save rather than show.
  static func download(_ type: String, _ description: String) -> Self {
    var answer = text(type, description)
    answer.headers = [("Content-Disposition", "`attachment` with a name for the file.")]
    return answer
  }

  /// - Parameter row: what a row is of.
  static func csv(_ row: String) -> Self {
    download(
      "text/csv",
      "CSV of RFC 4180 with a header row: \(row). A cell that a spreadsheet would run as a "
        + "formula begins with an apostrophe.")
  }

  static func text(_ type: String, _ description: String) -> Self {
    let isText = type.hasPrefix("text/") || type.hasSuffix("xml")
    let schema = isText ? Schema.string : .any
    return Self(
      content: APIOperation.Content(types: [(type, schema)], description: description, example: nil)
    )
  }

  /// 206 for a range of a content.
  static func part(_ type: String, _ description: String) -> Self {
    var answer = text(type, description)
    answer.status = 206
    answer.headers = [("Content-Range", "Which bytes these are, of how many.")]
    return answer
  }

  /// A problem that only few operations have.
  static func refused(_ status: Int, _ description: String) -> Self {
    Self(
      status: status,
      content: APIOperation.Content(
        types: [("application/problem+json", .component("Problem"))], description: description,
        example: nil))
  }

  /// Nothing to say.
  static func empty(_ status: Int, _ description: String) -> Self {
    Self(
      status: status,
      content: APIOperation.Content(types: [], description: description, example: nil))
  }
}

extension APIOperation {
  /// The same with further problems.
  func failing(_ kinds: Problem.Kind...) -> APIOperation {
    var operation = self
    operation.problems += kinds
    return operation
  }

  /// Every problem it can answer, in the order of their statuses.
  var allProblems: [Problem.Kind] {
    var kinds: Set<Problem.Kind> = [
      .malformedRequest, .malformedURL, .misdirectedRequest, .invalid, .internalError,
    ]
    if pattern.contains(":") { kinds.insert(.notFound) }
    if body != nil { kinds.formUnion([.malformedJSON, .bodyTooLarge, .unsupportedMediaType]) }
    if method != "GET" { kinds.formUnion([.forbidden, .diskFull]) }
    kinds.formUnion(problems)
    return kinds.sorted {
      (Problem($0, "").status, $0.rawValue) < (Problem($1, "").status, $1.rawValue)
    }
  }

  /// The parameters of its path, from left to right.
  var pathParameters: [Parameter] {
    let pieces = pattern.split(separator: "/").map(String.init)
    return pieces.enumerated().compactMap { index, piece in
      guard piece.hasPrefix(":"), index > 0 else { return nil }
      return .path(
        Self.sides(piece).name, after: pieces[index - 1], isFirst: index == 1)
    }
  }

  /// `/executions/{id}/summary`.
  var path: String {
    pattern.split(separator: "/").reduce(into: "") { path, piece in
      let text = String(piece)
      guard text.hasPrefix(":") else {
        path += "/\(text)"
        return
      }
      let (name, suffix) = Self.sides(text)
      path += "/{\(name)}\(suffix)"
    }
  }

  /// Name of the parameter, and what follows it within its segment: `:id.har`.
  private static func sides(_ piece: String) -> (name: String, suffix: String) {
    let name = piece.dropFirst().prefix { $0 != "." }
    return (String(name), String(piece.dropFirst(1 + name.count)))
  }
}
