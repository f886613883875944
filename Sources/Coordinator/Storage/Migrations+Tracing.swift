extension Migrations {
  /// Which requests leave traces, and what must not be shown, as JSON; without it, the defaults.
  static let tracing = """
    ALTER TABLE test_configurations ADD COLUMN tracing TEXT;
    ALTER TABLE executions ADD COLUMN tracing TEXT;
    """
}
