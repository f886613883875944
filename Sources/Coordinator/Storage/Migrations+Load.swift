extension Migrations {
  /// Loads other than a plain number of iterations or duration, as JSON.
  static let load = """
    ALTER TABLE test_configurations ADD COLUMN load TEXT;
    ALTER TABLE executions ADD COLUMN load TEXT;
    ALTER TABLE chunks ADD COLUMN load TEXT;
    """
}
