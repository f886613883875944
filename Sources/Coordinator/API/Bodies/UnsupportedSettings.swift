import Shared

/// Settings of the API that this version does not carry out. Their defaults are accepted; anything
/// else is refused, since a test that ignores its settings misleads.
enum UnsupportedSettings {
  static func refuse(in reader: inout FieldReader) {
    if let tracing = reader.object("tracing") {
      let accepted: [JSONObject] = [[:], ["perMinute": .int(1)], ["off": .bool(true)]]
      if !accepted.contains(tracing) {
        reader.fail("tracing", "is not supported yet; leave it out")
      }
    }
  }
}
