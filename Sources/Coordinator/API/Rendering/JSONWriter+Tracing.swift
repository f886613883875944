import Shared

/// What leaves traces, as the API shows it and takes it again.
extension JSONWriter {
  mutating func tracing(_ settings: TraceSettings) {
    key("tracing")
    beginObject()
    switch settings.sampling {
    case .off: member("off", true)
    case .all: member("all", true)
    case .sampled(let perMinute): member("perMinute", perMinute)
    }
    endObject()
    key("secrets")
    array(settings.secrets) { $0.string($1) }
  }
}
