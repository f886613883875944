import Shared

/// A region as a client sends it.
struct RegionBody {
  var name: String
  var isPublic: Bool
  var latitude: Double
  var longitude: Double
  var description: String
  var active: Bool

  init(_ object: JSONObject) throws(ValidationError) {
    var reader = FieldReader(object)
    name = reader.string("name", required: true, maxLength: RegionRecord.nameLengthMax) ?? ""
    if RegionRecord.hasControls(name) {
      reader.fail("name", "must not contain control characters")
    }
    isPublic = reader.bool("public") ?? false
    latitude = reader.double("latitude", range: -90...90) ?? 0
    longitude = reader.double("longitude", range: -180...180) ?? 0
    description = reader.string("description", maxLength: 1_000) ?? ""
    active = reader.bool("active") ?? true
    reader.finish()
    try reader.check()
  }

  func record(atMs: Int64) -> RegionRecord {
    RegionRecord(
      id: RegionID(0), createdAtMs: atMs, updatedAtMs: atMs, name: name, isPublic: isPublic,
      latitude: latitude, longitude: longitude, description: description, active: active)
  }
}
