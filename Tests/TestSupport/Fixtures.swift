import Foundation

/// Files of `Tests/Fixtures`.
public enum Fixtures {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

  public static func path(_ name: String) -> String { folder.appending(path: name).path }
}
