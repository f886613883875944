import Foundation

/// One Swift source of the repository.
struct SourceFile {
  /// From the repository's root, e.g. `Sources/Shared/Support/Limits.swift`.
  var path: String
  var lines: [String]
  /// The lines without comments and without what stands in string literals.
  var code: [String]

  /// Names of the modules that it imports.
  var imports: [String] {
    code.compactMap { line in
      let words = line.split(separator: " ")
      guard let index = words.firstIndex(of: "import"), index < 2, words.count > index + 1 else {
        return nil
      }
      return String(words[index + 1])
    }
  }
}

/// The repository that these tests were compiled from.
enum SourceTree {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Every regular file below `folders`, as paths from the root, sorted.
  static func files(in folders: [String]) throws -> [String] {
    var paths: [String] = []
    for folder in folders {
      let base = root.appending(path: folder).resolvingSymlinksInPath().path
      let names = try FileManager.default.subpathsOfDirectory(atPath: base)
      for name in names {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(base)/\(name)")
        if attributes[.type] as? FileAttributeType == .typeRegular {
          paths.append("\(folder)/\(name)")
        }
      }
    }
    return paths.sorted()
  }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  static func swiftFiles(in folders: [String]) throws -> [SourceFile] {
    try files(in: folders).filter { $0.hasSuffix(".swift") }.map { path in
      let text = try text(path)
      return SourceFile(
        path: path, lines: text.components(separatedBy: "\n"),
        code: CodeStripper.code(of: text).components(separatedBy: "\n"))
    }
  }
}
