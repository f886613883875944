extension Migrations {
  /// Files that scripts open; what kind of work a chunk is.
  static let code = """
    ALTER TABLE scripts ADD COLUMN files TEXT;
    ALTER TABLE chunks ADD COLUMN kind TEXT NOT NULL DEFAULT 'Main';
    """
}
