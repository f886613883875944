import Shared

/// The limits of configurations, and those of executions with how they stand.
enum LimitStore {
  static func save(
    _ limits: [TestLimit], of configuration: TestConfigurationID, in db: Database
  ) throws {
    guard !limits.isEmpty else {
      return try db.run(
        "DELETE FROM configuration_limits WHERE configuration = ?", .id(configuration))
    }
    try db.run(
      "INSERT OR REPLACE INTO configuration_limits (configuration, body) VALUES (?, ?)",
      .id(configuration), .text(try StoredJSON.text(limits)))
  }

  /// Their JSON; nil when there are none.
  static func body(of configuration: TestConfigurationID, in db: Database) throws -> String? {
    try db.first(
      "SELECT body FROM configuration_limits WHERE configuration = ?", .id(configuration)
    ) { $0.text(0) }
  }

  /// Most executions have none, and then nothing is stored.
  static func save(_ limits: [LimitState], of execution: ExecutionID, in db: Database) throws {
    guard !limits.isEmpty else { return }
    try db.run(
      "INSERT OR REPLACE INTO execution_limits (execution, body) VALUES (?, ?)",
      .id(execution), .text(try StoredJSON.text(limits)))
  }

  /// Their JSON; nil when there are none.
  static func body(of execution: ExecutionID, in db: Database) throws -> String? {
    try db.first(
      "SELECT body FROM execution_limits WHERE execution = ?", .id(execution)
    ) { $0.text(0) }
  }
}
