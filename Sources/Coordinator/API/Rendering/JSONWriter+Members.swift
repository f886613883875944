import Shared

/// Members in one line each; what is nil is left out, as the API has it.
extension JSONWriter {
  mutating func member(_ name: String, _ value: String) {
    key(name)
    string(value)
  }

  mutating func member(_ name: String, _ value: Int64) {
    key(name)
    int(value)
  }

  mutating func member(_ name: String, _ value: Int) { member(name, Int64(value)) }

  mutating func member(_ name: String, _ value: Bool) {
    key(name)
    bool(value)
  }

  mutating func member(_ name: String, _ value: Double) {
    key(name)
    double(value)
  }

  mutating func member<Entity>(_ name: String, _ id: Identifier<Entity>) {
    member(name, id.rawValue)
  }

  mutating func member(_ name: String, _ value: Int?) {
    if let value { member(name, value) }
  }

  mutating func member(_ name: String, _ value: Double?) {
    if let value { member(name, value) }
  }

  mutating func member(_ name: String, _ value: String?) {
    if let value { member(name, value) }
  }

  /// A time as ISO-8601, given in milliseconds since the Unix epoch.
  mutating func time(_ name: String, _ millis: Int64?) {
    guard let millis else { return }
    member(name, ISOTime.text(millis: millis))
  }

  /// `id`, `createdAt` and `updatedAt`, with which most things begin.
  mutating func identity(_ id: Int64, createdAtMs: Int64, updatedAtMs: Int64) {
    member("id", id)
    time("createdAt", createdAtMs)
    time("updatedAt", updatedAtMs)
  }

  mutating func array<Element>(
    _ elements: some Sequence<Element>, _ write: (inout JSONWriter, Element) throws -> Void
  ) rethrows {
    beginArray()
    for element in elements { try write(&self, element) }
    endArray()
  }
}
