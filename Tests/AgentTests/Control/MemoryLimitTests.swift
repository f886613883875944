import Foundation
import Shared
import TestSupport
import XCTest

@testable import Agent

final class MemoryLimitTests: XCTestCase {
  private let mebibyte: Int64 = 1 << 20

  /// A root with these files.
  private func limit(_ files: [String: String], _ directory: TemporaryDirectory) throws
    -> MemoryLimit
  {
    for (path, text) in files {
      let url = URL(fileURLWithPath: "\(directory.path)/\(path)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: url, atomically: false, encoding: .utf8)
    }
    return MemoryLimit(root: directory.path)
  }

  private let machine = "MemFree: 12 kB\nMemTotal:       1048576 kB\nSwap: 0 kB\n"

  func test_tightestControlGroup_counts() throws {
    let cases: [(name: String, files: [String: String], mebibytes: Int64?)] = [
      ("machine", ["proc/meminfo": machine], 1_024),
      ("nothing", [:], nil),
      (
        "own group",
        [
          "proc/meminfo": machine, "proc/self/cgroup": "0::/a/b\n",
          "sys/fs/cgroup/a/b/memory.max": "\(300 * mebibyte)\n",
          "sys/fs/cgroup/a/memory.max": "max\n",
        ], 300
      ),
      (
        "group around it",
        [
          "proc/meminfo": machine, "proc/self/cgroup": "0::/a/b\n",
          "sys/fs/cgroup/a/b/memory.max": "max\n",
          "sys/fs/cgroup/a/memory.max": "\(200 * mebibyte)\n",
        ], 200
      ),
      (
        "container",
        [
          "proc/meminfo": machine, "proc/self/cgroup": "0::/../../x\n",
          "sys/fs/cgroup/memory.max": "\(100 * mebibyte)\n",
        ], 100
      ),
      (
        "version 1",
        [
          "proc/meminfo": machine, "proc/self/cgroup": "5:cpu:/q\n4:memory:/docker/1\n1:name=x:/\n",
          "sys/fs/cgroup/memory/memory.limit_in_bytes": "\(400 * mebibyte)\n",
        ], 400
      ),
      (
        "version 1 without a bound",
        [
          "proc/meminfo": machine, "proc/self/cgroup": "4:hugetlb,memory:/\n",
          "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
        ], 1_024
      ),
    ]
    for (name, files, mebibytes) in cases {
      let directory = try TemporaryDirectory()
      let limit = try limit(files, directory)
      XCTAssertEqual(limit.bytes, mebibytes.map { $0 * mebibyte }, name)
    }
    XCTAssertGreaterThan(try XCTUnwrap(MemoryLimit().bytes), 64 * mebibyte, "this machine")
  }

  func test_flag() throws {
    let directory = try TemporaryDirectory()
    let limit = try limit(["proc/meminfo": machine], directory)
    let cases: [(text: String?, mebibytes: Double)] = [
      (nil, 819.2), ("50%", 512), ("12.5%", 128), ("300M", 300), ("3G", 3_072), ("1.5g", 1_536),
      ("134217728", 128), ("1tib", 1_048_576),
    ]
    for (text, mebibytes) in cases {
      XCTAssertEqual(
        try limit.bytesMax(text), Int64(mebibytes * Double(mebibyte)), text ?? "default")
    }
    for text in ["", "x", "-1G", "63M", "0", "101%", "5 G", "1e300", "nan", "3Q"] {
      XCTAssertThrowsError(try limit.bytesMax(text), text) { error in
        XCTAssert("\(error)".hasPrefix("--memory-max: \"\(text)\" is not a size"), "\(error)")
      }
    }
  }

  func test_watch_holdsUp_ends_andLetsGoOn() {
    var watch = MemoryWatch(bytesMax: 1_600)
    let steps: [(bytes: Int64, change: MemoryGate.State?)] = [
      (0, nil), (1_599, nil), (1_600, .pausing), (1_550, nil), (1_799, nil), (1_800, .critical),
      (9_999, nil), (1_700, .pausing), (1_500, nil), (1_499, .open), (1_550, nil),
      (5_000, .critical), (1_550, .pausing), (5_000, .critical), (10, .open),
    ]
    for (index, step) in steps.enumerated() {
      XCTAssertEqual(watch.looked(step.bytes), step.change, "step \(index)")
    }
    var unbounded = MemoryWatch(bytesMax: .max)
    XCTAssertNil(unbounded.looked(1 << 50))
  }
}
