import Shared

/// The body of an event for virtual users.
struct EventBody {
  var name: String
  /// A JSON text; `null` when the event has no contents.
  var contents: String

  init(_ object: JSONObject) throws(ValidationError) {
    var reader = FieldReader(object)
    name = reader.string("name", required: true, maxLength: Limits.sharedNameLengthMax) ?? ""
    let value = reader.value("contents") ?? .null
    contents = value.text
    if contents.utf8.count > Limits.eventContentsBytesMax {
      reader.fail(
        "contents", "must have at most \(Limits.eventContentsBytesMax) bytes as JSON")
    }
    reader.finish()
    try reader.check()
  }
}
