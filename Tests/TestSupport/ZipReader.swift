import Foundation
import Shared

/// A zip archive as other programs read it: Info-ZIP's `unzip` and Python's `zipfile` both have to
/// find it whole.
public struct ZipReader {
  public struct Entry: Sendable {
    public var name: String
    public var size: Int
    /// In local time, to two seconds, as the format has it.
    public var time: String
    public var isUTF8: Bool
    public var isDeflated: Bool
    /// Empty for what is longer than a megabyte.
    public var bytes: [UInt8]

    public var text: String { String(decoding: bytes, as: UTF8.self) }
    public func json() throws -> JSONValue { try JSONValue.parse(bytes) }
  }

  public let entries: [Entry]

  public init(_ bytes: [UInt8]) throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("archive.zip")
    try Data(bytes).write(to: URL(filePath: path))
    let output = try ChildProcess.run("python3", [Fixtures.path("archives/zip.py"), path])
    let list = try JSONValue.parse(text: output).arrayValue ?? []
    entries = list.map { entry in
      Entry(
        name: entry["name"]?.stringValue ?? "", size: entry["size"]?.intValue ?? -1,
        time: entry["time"]?.stringValue ?? "", isUTF8: entry["isUTF8"] == .bool(true),
        isDeflated: entry["isDeflated"] == .bool(true),
        bytes: Array(Data(base64Encoded: entry["data"]?.stringValue ?? "") ?? Data()))
    }
    // unzip takes an empty archive for a fault.
    if !entries.isEmpty { try ChildProcess.run("unzip", ["-tqq", path]) }
  }

  public var names: [String] { entries.map(\.name) }

  public subscript(name: String) -> Entry? { entries.first { $0.name == name } }

  /// Unpacks an archive with `unzip` and lists the paths of what came out.
  public static func unpack(_ bytes: [UInt8], to directory: TemporaryDirectory) throws -> [String] {
    let path = directory.file("archive.zip")
    try Data(bytes).write(to: URL(filePath: path))
    // The language says how names are written: it must be one that has all characters.
    try ChildProcess.run(
      "env", ["LC_ALL=C.UTF-8", "unzip", "-qq", path, "-d", directory.file("out")])
    return try FileManager.default.subpathsOfDirectory(atPath: directory.file("out")).filter {
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(
        atPath: directory.file("out/\($0)"), isDirectory: &isFolder)
      return exists && !isFolder.boolValue
    }.sorted()
  }
}
