import Shared

extension [Schema.Member] {
  /// With what most things begin.
  static var identity: [Schema.Member] {
    [.must("id", .id), .must("createdAt", .time), .must("updatedAt", .time)]
  }

  /// Members of bodies that are taken, so that what GET answers may be sent back, and ignored.
  static func ignored(_ names: String...) -> [Schema.Member] {
    names.map { .may($0, .any, "Ignored: what GET answers may be sent back with changes.") }
  }
}

extension Specification {
  static let commonSchemas: [(name: String, schema: Schema)] = [
    (
      "Problem",
      Schema.object([
        .must("type", .string.with("format", .string("uri")), "Names the kind of problem."),
        .must("title", .string, "The kind in words."),
        .must("status", .integer(400...599), "The status of the answer."),
        .must("detail", .string, "What is wrong this time."),
        .may("errors", .array(.component("FieldError")), "Every bad field or parameter."),
      ]).described("An error, after RFC 9457.").example(
        .object([
          "type": .string("urn:throng:problem:invalid"), "title": .string("Invalid input"),
          "status": .int(422), "detail": .string("limit: must be an integer"),
          "errors": .array([
            .object(["field": .string("limit"), "message": .string("must be an integer")])
          ]),
        ]))
    ),
    (
      "FieldError",
      .object([
        .must(
          "field", .string,
          "A parameter, or the path of a member such as `regions[0].name`; empty for the body."),
        .must("message", .string),
      ])
    ),
    (
      "Health",
      .object([
        .must("status", .constant(.string("ok"))), .must("version", .string, "Of the coordinator."),
      ])
    ),
  ]
}
