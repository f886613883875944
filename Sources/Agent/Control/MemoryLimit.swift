import Foundation
import Shared

/// How much memory a process may use here: what the machine and its control groups leave it.
public struct MemoryLimit: Sendable {
  /// Percent of that by default: the rest is for the kernel, and for what a look comes late for.
  public static let percentDefault = 80.0
  /// Bytes less than which no test can run.
  static let bytesMin: Int64 = 64 << 20
  /// A directory in which `proc` and `sys` are.
  private let root: String

  public init(root: String = "/") { self.root = root.hasSuffix("/") ? root : root + "/" }

  /// Bytes of the machine or of the tightest control group; nil when neither can be read.
  public var bytes: Int64? {
    ([machineBytes] + groupLimits()).compactMap { $0 }.filter { $0 > 0 }.min()
  }

  /// What `--memory-max` means.
  ///
  /// - Parameter text: `3G`, `512M`, bytes, or `70%` of what there is; nil for the default.
  public func bytesMax(_ text: String?) throws(UsageError) -> Int64 {
    guard let text else {
      return bytes.map { Int64(Double($0) * Self.percentDefault / 100) } ?? .max
    }
    guard let given = given(text), given >= Self.bytesMin else {
      throw UsageError(
        "--memory-max: \"\(text)\" is not a size such as 3G, 512M or 70%, of at least "
          + "\(Self.bytesMin >> 20)M")
    }
    return given
  }

  private func given(_ text: String) -> Int64? {
    let digits = text.prefix { $0.isNumber || $0 == "." }
    guard let number = Double(digits), number.isFinite, number > 0 else { return nil }
    let factor: Double
    switch text.dropFirst(digits.count).uppercased() {
    case "%":
      guard number <= 100, let bytes else { return nil }
      factor = Double(bytes) / 100
    case "", "B": factor = 1
    case "K", "KB", "KIB": factor = 1_024
    case "M", "MB", "MIB": factor = 1_048_576
    case "G", "GB", "GIB": factor = 1_073_741_824
    case "T", "TB", "TIB": factor = 1_099_511_627_776
    default: return nil
    }
    return Int64(saturating: number * factor)
  }

  /// `MemTotal` of meminfo (proc(5)).
  private var machineBytes: Int64? {
    guard let line = lines("proc/meminfo").first(where: { $0.hasPrefix("MemTotal:") }) else {
      return nil
    }
    let fields = line.split(separator: " ")
    return fields.count > 1 ? Int64(fields[1]).map { $0.times(1_024) } : nil
  }

  /// Bounds of the process's control groups and of those around them (cgroups(7)), version 2
  /// and 1. In a container the names are those outside: then the outermost group is its own.
  private func groupLimits() -> [Int64?] {
    var limits: [Int64?] = []
    for line in lines("proc/self/cgroup") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let isNew = fields[1].isEmpty
      guard isNew || fields[1].split(separator: ",").contains("memory") else { continue }
      let base = isNew ? "sys/fs/cgroup" : "sys/fs/cgroup/memory"
      let name = isNew ? "memory.max" : "memory.limit_in_bytes"
      var path = fields[2].split(separator: "/").filter { $0 != ".." }
      while true {
        let folder = ([Substring(base)] + path).joined(separator: "/")
        // "max", or with version 1 a number beyond all machines, is no bound.
        limits.append(lines("\(folder)/\(name)").first.flatMap { Int64($0) })
        if path.isEmpty { break }
        path.removeLast()
      }
    }
    return limits
  }

  private func lines(_ path: String) -> [Substring] {
    guard let text = try? String(contentsOfFile: root + path, encoding: .utf8) else { return [] }
    return text.split(separator: "\n")
  }
}
