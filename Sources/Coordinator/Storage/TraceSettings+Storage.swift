import Shared

extension TraceSettings {
  /// As it stands in a column; those that were stored before there were settings have the
  /// default ones.
  init(stored text: String?) throws {
    self = try text.map { try StoredJSON.value(TraceSettings.self, $0) } ?? TraceSettings()
  }
}
