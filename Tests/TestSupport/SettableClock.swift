import Foundation

/// A clock of the time of day that can be set while processes run by it: libfaketime's. What
/// measures durations stays the machine's.
public final class SettableClock {
  private let directory: TemporaryDirectory
  private let library: String

  public init() throws {
    directory = try TemporaryDirectory()
    let path = "/faketime/libfaketimeMT.so.1"
    let places = try FileManager.default.contentsOfDirectory(atPath: "/usr/lib")
    guard
      let found = places.map({ "/usr/lib/\($0)\(path)" }).first(where: {
        FileManager.default.fileExists(atPath: $0)
      })
    else { throw TestFailure("libfaketime is not installed; deploy/test installs what tests need") }
    library = found
    try set(bySecs: 0)
  }

  /// Sets it so far from the machine's clock; at once, for all processes that run by it.
  public func set(bySecs seconds: Int) throws {
    // Renamed into place: nobody reads half of it.
    let text = "\(seconds < 0 ? "" : "+")\(seconds)"
    try Data(text.utf8).write(to: URL(filePath: file), options: .atomic)
  }

  private var file: String { directory.file("clock") }

  /// What a process is started with to run by it.
  public var environment: [String: String] {
    [
      "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": file, "FAKETIME_NO_CACHE": "1",
      "FAKETIME_DONT_FAKE_MONOTONIC": "1",
      // Without it the library changes the environment before Swift's runtime looks for the
      // arguments beside it, and there are none.
      "FAKETIME_SHARED": "/none /none",
    ]
  }
}
