import Foundation
import Shared

/// Texts that commands read: files, or standard input as `-`.
enum InputFile {
  /// - Throws: `UsageError` naming the file.
  static func read(_ path: String) throws(UsageError) -> String {
    let data: Data?
    if path == "-" {
      data = try? FileHandle.standardInput.readToEnd() ?? Data()
    } else {
      data = FileManager.default.contents(atPath: path)
    }
    guard let data else { throw UsageError("\"\(path)\" cannot be read") }
    guard let text = String(data: data, encoding: .utf8) else {
      throw UsageError("\(path): not UTF-8")
    }
    return text
  }
}
