import Foundation
import Shared

/// The `files` that a `Code` script can open: an object of texts, or of `{"base64": …}`.
enum ScriptFiles {
  /// Reads them; nil when an error was noted.
  static func read(_ reader: inout FieldReader) -> [String: [UInt8]]? {
    guard let object = reader.object("files") else { return reader.has("files") ? nil : [:] }
    var files: [String: [UInt8]] = [:]
    var isGood = true
    for (name, value) in object.members {
      if let bytes = bytes(of: value) {
        files[name] = bytes
      } else {
        isGood = false
        reader.absorb([
          FieldError(
            field: "\(reader.path(of: "files")).\(name)",
            message: "must be a text or an object with base64")
        ])
      }
    }
    return isGood ? files : nil
  }

  private static func bytes(of value: JSONValue) -> [UInt8]? {
    switch value {
    case .string(let text): return Array(text.utf8)
    case .object(let object):
      guard object.members.count == 1, let text = object["base64"]?.stringValue,
        let data = Data(base64Encoded: text)
      else { return nil }
      return [UInt8](data)
    default: return nil
    }
  }

  /// How the store keeps them; nil for none.
  static func stored(_ files: [String: [UInt8]]) -> String? {
    guard !files.isEmpty else { return nil }
    var object = JSONObject()
    for name in files.keys.sorted() {
      let text = Data(files[name] ?? []).base64EncodedString()
      object[name] = .object(["base64": .string(text)])
    }
    return JSONValue.object(object).text
  }
}

extension ScriptRecord {
  /// What the script can open, by name.
  var openableFiles: [String: [UInt8]] {
    guard let files, let value = try? JSONValue.parse(text: files) else { return [:] }
    var reader = FieldReader(["files": value])
    return ScriptFiles.read(&reader) ?? [:]
  }

  /// What errors call it.
  var fileName: String { Self.fileName(of: name) }

  static func fileName(of name: String) -> String {
    let last = name.split(separator: "/").last.map(String.init) ?? ""
    let isPlain = last.hasSuffix(".js") && !last.contains { $0.isNewline || $0 == "@" }
    return isPlain ? last : "script.js"
  }
}
