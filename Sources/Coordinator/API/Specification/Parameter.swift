import Shared

/// A parameter of an operation, as the specification shows it.
struct Parameter: Sendable, Equatable {
  enum Place: String, Sendable { case path, query, header }

  var name: String
  var place: Place
  var schema: Schema
  var isRequired: Bool
  var description: String

  static func query(
    _ name: String, _ schema: Schema, _ description: String, isRequired: Bool = false
  ) -> Parameter {
    Parameter(
      name: name, place: .query, schema: schema, isRequired: isRequired, description: description)
  }

  static func header(_ name: String, _ schema: Schema, _ description: String) -> Parameter {
    Parameter(
      name: name, place: .header, schema: schema, isRequired: false, description: description)
  }

  var json: JSONObject {
    [
      "name": .string(name), "in": .string(place.rawValue),
      "description": .string(description), "required": .bool(isRequired),
      "schema": .object(schema.json),
    ]
  }
}

extension Parameter {
  static let offset = query(
    "offset", .integer(0...Int64.max, default: 0), "How many elements to leave out first.")

  static let limit = query(
    "limit", .integer(-1...Int64.max, default: -1),
    "How many elements to return at most; -1 stands for all.")

  /// What lists take.
  static let page = [offset, limit]
}

extension Parameter {
  /// What ids of a path name, by the segment before them.
  private static let entities = [
    "scripts": "script", "test-confs": "test configuration", "data-tables": "data table",
    "agents": "agent", "executions": "execution", "execution-traces": "trace",
    "traces": "trace", "output-files": "output file", "data-stores": "data store",
  ]

  /// The parameter of a path that stands for `piece` after `previous`.
  static func path(_ name: String, after previous: String, isFirst: Bool) -> Parameter {
    let schema: Schema
    let description: String
    switch previous {
    case "resources":
      schema = .string
      description = "Id of the resource, or its percent-encoded name such as `GET http://host/`."
    case "regions" where !isFirst:
      schema = .id
      description = "Id of the execution region: `regions[i].id` of the execution."
    case "regions":
      schema = .id
      description = "Id of the region."
    default:
      schema = .id
      description = "Id of the \(entities[previous] ?? "thing")."
    }
    return Parameter(
      name: name, place: .path, schema: schema, isRequired: true, description: description)
  }
}
