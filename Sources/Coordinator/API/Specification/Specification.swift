import Shared

/// What the API says of itself: every operation in OpenAPI 3.1. A test holds it against the
/// router, so that none is left out.
enum Specification {
  /// Operations that belong together.
  struct Area: Sendable {
    var tag: String
    var description: String
    var operations: [APIOperation]
  }

  static let areas: [Area] = [
    server, scripts, configurations, dataTables, regions, agents, executions, control, readings,
    results, suites, logs, traces, outputFiles, dataStores, reports,
  ]

  /// By name; every one of them is referred to.
  static let schemas: [(name: String, schema: Schema)] =
    commonSchemas + scriptSchemas + configurationSchemas + loadSchemas + placeSchemas
    + executionSchemas + readingSchemas + recordSchemas + traceSchemas + fileSchemas
    + reportSchemas

  /// The document, as JSON.
  static let document = JSONValue.object(rendered()).encoded()

  private static func rendered() -> JSONObject {
    [
      "openapi": .string("3.1.0"),
      "jsonSchemaDialect": .string("https://spec.openapis.org/oas/3.1/dialect/base"),
      "info": .object([
        "title": .string("Throng"),
        "version": .string(throngVersion),
        "summary": .string("Distributed load tests: what to run, running it, what came of it."),
        "description": .string(overview),
        "license": .object([
          "name": .string("Apache License 2.0"), "identifier": .string("Apache-2.0"),
        ]),
      ]),
      "servers": .array([
        .object(["url": .string("/"), "description": .string("This coordinator.")])
      ]),
      "tags": .array(
        areas.map { area in
          .object(["name": .string(area.tag), "description": .string(area.description)])
        }),
      "paths": .object(paths()),
      "components": .object([
        "schemas": .object(
          JSONObject(schemas.map { (key: $0.name, value: .object($0.schema.json)) })),
        "responses": .object(
          JSONObject(Problem.Kind.allCases.map { (key: $0.component, value: .object($0.json)) })),
      ]),
    ]
  }

  private static func paths() -> JSONObject {
    var paths = JSONObject()
    for area in areas {
      for operation in area.operations {
        var item = paths[operation.path]?.objectValue ?? JSONObject()
        item[operation.method.lowercased()] = .object(operation.json(tag: area.tag))
        paths[operation.path] = .object(item)
      }
    }
    return paths
  }

  private static let overview = """
    The executions API of a Throng coordinator, and what it presupposes.

    - JSON in UTF-8 with names in camelCase. Times are ISO-8601 in UTC with milliseconds; \
    durations are in the unit that their name ends with. A member that does not apply (yet), such \
    as `finishedAt`, is left out rather than null. Answers may gain members.
    - Errors are `application/problem+json` (RFC 9457). With bad input, `errors` names every bad \
    field or parameter at once. Unknown fields and parameters are errors, too.
    - `HEAD` works wherever `GET` does: the same status and headers, no body. Other methods than \
    those of a path are answered with 405 and `Allow`.
    - Lists take `offset` and `limit`. Long answers are streamed; one that is cut off ends its \
    connection without the last chunk.
    - `regions/{region}` and `resources/{resource}` below an execution narrow what is read to one \
    region or resource of it. `.csv` gives the same rows as CSV.
    """
}
