extension Migrations {
  /// Limits of configurations, and those of executions with how they stand: the texts of JSON
  /// arrays, which are only ever read whole.
  static let limits = """
    CREATE TABLE configuration_limits (
      configuration INTEGER PRIMARY KEY
        REFERENCES test_configurations (id) ON DELETE CASCADE,
      body TEXT NOT NULL);

    CREATE TABLE execution_limits (
      execution INTEGER PRIMARY KEY REFERENCES executions (id) ON DELETE CASCADE,
      body TEXT NOT NULL);
    """
}
