import Shared

extension TraceSettings {
  /// Reads `tracing` and `secrets`.
  ///
  /// - Parameter params: the `scriptParams` that secrets are members of.
  init(reading reader: inout FieldReader, params: String) {
    self.init()
    sampling = Self.readSampling(&reader) ?? sampling
    secrets = Self.readSecrets(&reader, params)
  }

  private static func readSampling(_ reader: inout FieldReader) -> TraceSampling? {
    guard let object = reader.object("tracing") else { return nil }
    var inner = FieldReader(object, path: reader.path(of: "tracing"))
    let perMinute = inner.int("perMinute", range: 1...Limits.tracesPerMinuteMax)
    let all = inner.bool("all") ?? false
    let off = inner.bool("off") ?? false
    inner.finish()
    reader.absorb(inner.errors)
    if [inner.has("perMinute"), all, off].filter({ $0 }).count > 1 {
      reader.fail("tracing", "must have one of perMinute, all and off")
      return nil
    }
    if all { return .all }
    if off { return .off }
    return perMinute.map { .sampled(perMinute: $0) }
  }

  private static func readSecrets(_ reader: inout FieldReader, _ params: String) -> [String] {
    guard let elements = reader.array("secrets") else { return [] }
    guard elements.count <= Limits.secretsPerTestMax else {
      reader.fail("secrets", "must have at most \(Limits.secretsPerTestMax) elements")
      return []
    }
    let object = (try? JSONValue.parse(text: params))?.objectValue ?? JSONObject()
    var names: [String] = []
    for (index, element) in elements.enumerated() {
      guard case .string(let name) = element else {
        fail(&reader, index, "must be a string")
        continue
      }
      if let problem = problem(of: object[name], named: name) {
        fail(&reader, index, problem)
      } else if !names.contains(name) {
        names.append(name)
      }
    }
    return names
  }

  /// A name that names nothing is a slip, and would leave its secret for all to see.
  private static func problem(of value: JSONValue?, named name: String) -> String? {
    guard let value else { return "there is no '\(name)' in scriptParams" }
    guard let text = text(value) else { return "'\(name)' must be a string or a number" }
    return text.utf8.count > Limits.secretBytesMax
      ? "'\(name)' must have at most \(Limits.secretBytesMax) bytes" : nil
  }

  private static func fail(_ reader: inout FieldReader, _ index: Int, _ message: String) {
    reader.absorb([FieldError(field: reader.path(of: "secrets", index), message: message)])
  }
}
