import Shared

extension APIOperation {
  func json(tag: String) -> JSONObject {
    var json: JSONObject = [
      "tags": .array([.string(tag)]), "operationId": .string(id), "summary": .string(summary),
    ]
    if !details.isEmpty { json["description"] = .string(details) }
    let all = pathParameters + parameters
    if !all.isEmpty { json["parameters"] = .array(all.map { .object($0.json) }) }
    if let body {
      json["requestBody"] = .object([
        "description": .string(body.description), "required": .bool(true),
        "content": .object(body.json),
      ])
    }
    json["responses"] = .object(responses)
    return json
  }

  private var responses: JSONObject {
    var responses = JSONObject()
    for answer in answers { responses[String(answer.status)] = .object(answer.json) }
    for kind in allProblems {
      let status = String(Problem(kind, "").status)
      // Two kinds may share a status; the schema is the same.
      guard responses[status] == nil else { continue }
      responses[status] =
        method == "HEAD"
        ? .object(["description": .string(kind.words)])
        : .object(["$ref": .string("#/components/responses/\(kind.component)")])
    }
    return responses
  }
}

extension APIOperation.Content {
  fileprivate var json: JSONObject {
    JSONObject(
      types.map { type, schema in
        var media: JSONObject = ["schema": .object(schema.json)]
        if let example, type == "application/json" { media["example"] = example }
        return (key: type, value: .object(media))
      })
  }
}

extension APIOperation.Answer {
  fileprivate var json: JSONObject {
    var json: JSONObject = ["description": .string(content.description)]
    if !headers.isEmpty {
      json["headers"] = .object(
        JSONObject(
          headers.map { name, description in
            (
              key: name,
              value: .object([
                "description": .string(description), "schema": .object(Schema.string.json),
              ])
            )
          }))
    }
    if !content.types.isEmpty { json["content"] = .object(content.json) }
    return json
  }
}

extension Problem.Kind {
  /// `NotFound` for `not-found`: its name among the components.
  var component: String {
    rawValue.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  /// What it means for whoever asked.
  var words: String { Self.meanings[rawValue] ?? "\(component)." }

  private static let meanings = [
    "malformed-request": "Headers or URL are malformed; `detail` says how.",
    "malformed-url": "The URL has a broken escape or is not UTF-8.",
    "malformed-json": "The URL or the body is malformed; `detail` says where.",
    "not-found": "There is no such thing; `detail` names it.",
    "method-not-allowed": "The path does not have this method; `Allow` lists those it has.",
    "conflict": "Its present state does not allow that; `detail` says why. Nothing changed.",
    "body-too-large": "The body is longer than is taken; `detail` says what is.",
    "unsupported-media-type": "The body, or what it is about, is of a type that is not taken.",
    "range-not-satisfiable": "There are not so many bytes.",
    "invalid": "Bad or unknown fields or parameters: `errors` names all of them.",
    "too-many-requests": "There was too much of it lately; nothing changed.",
    "internal-error": "The coordinator failed; its log says why.",
    "unavailable": "The coordinator cannot do that now.",
    "disk-full": "The coordinator has no disk space left; nothing changed.",
  ]

  /// As one of the document's responses.
  var json: JSONObject {
    var json: JSONObject = [
      "description": .string(words),
      "content": .object([
        "application/problem+json": .object([
          "schema": .object(Schema.component("Problem").json)
        ])
      ]),
    ]
    if self == .methodNotAllowed {
      json["headers"] = .object([
        "Allow": .object([
          "description": .string("The methods of the path."),
          "schema": .object(Schema.string.json),
        ])
      ])
    }
    return json
  }
}
