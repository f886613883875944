/// Why a store could not be opened.
public enum StoreError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The directory cannot be made or written to.
  case unwritableDirectory(path: String, reason: String)
  /// Another coordinator holds the directory.
  case locked(path: String)
  case corrupt(path: String, reason: String)
  /// The file was written by a newer version of the program.
  case newerVersion(path: String, found: Int, known: Int)
  case cannotOpen(path: String, reason: String)
  /// The start counter beside the database does not read as one.
  case badGeneration(path: String)
  /// The database is not the one that the directory held: lost, or of another store.
  case foreignDatabase(path: String, generationPath: String)

  public var description: String {
    switch self {
    case .unwritableDirectory(let path, let reason):
      "data directory \(path) is not writable: \(reason)"
    case .locked(let path): "data directory \(path) is in use by another coordinator"
    case .corrupt(let path, let reason): "database \(path) is damaged: \(reason)"
    case .newerVersion(let path, let found, let known):
      "database \(path) has version \(found), this program knows up to \(known)"
    case .cannotOpen(let path, let reason): "database \(path) cannot be opened: \(reason)"
    case .badGeneration(let path): "\(path) is damaged: it holds no start counter"
    case .foreignDatabase(let path, let generationPath):
      "database \(path) is not the one that \(generationPath) names: its data is lost, or it "
        + "belongs to another store. Put the right one back, or remove \(generationPath) to go on "
        + "with this one"
    }
  }
}
