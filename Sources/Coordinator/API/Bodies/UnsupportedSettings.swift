import Shared

/// Settings of the API that this version does not carry out. Their defaults are accepted; anything
/// else is refused, since a test that ignores its settings misleads.
enum UnsupportedSettings {
  static func refuse(in reader: inout FieldReader) {
    refuseLoad(&reader)
    if let tracing = reader.object("tracing") {
      let accepted: [JSONObject] = [[:], ["perMinute": .int(1)], ["off": .bool(true)]]
      if !accepted.contains(tracing) {
        reader.fail("tracing", "is not supported yet; leave it out")
      }
    }
  }

  private static func refuseLoad(_ reader: inout FieldReader) {
    guard let load = reader.object("load") else { return }
    var inner = FieldReader(load, path: reader.path(of: "load"))
    switch inner.string("model") {
    case nil:
      if !inner.has("model") { inner.fail("model", "is required") }
      inner.finish()
    case "closed": inner.finish()
    case "arrivalRate", "rampingClients":
      inner.fail("model", "is not supported yet; only closed is")
    default: inner.fail("model", "must be closed")
    }
    reader.absorb(inner.errors)
  }
}
