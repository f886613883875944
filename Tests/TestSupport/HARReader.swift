import Foundation
import Shared

/// An HTTP archive that a validator of its own has checked against the rules of HAR 1.2.
public struct HARReader {
  public let entries: [JSONValue]

  public init(_ bytes: [UInt8]) throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("log.har")
    try Data(bytes).write(to: URL(filePath: path))
    let output = try ChildProcess.run("python3", [Fixtures.path("archives/har.py"), path])
    entries = try JSONValue.parse(bytes)["log"]?["entries"]?.arrayValue ?? []
    guard output == "\(entries.count)\n" else {
      throw TestFailure("the validator saw \(output) entries instead of \(entries.count)")
    }
  }
}
