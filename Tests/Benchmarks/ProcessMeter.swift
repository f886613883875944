import Foundation
import Glibc
import TestSupport

/// What processes cost, from the proc file system.
enum ProcessMeter {
  static func pin(_ processes: [Int32], to core: Int) throws {
    for process in processes {
      // All threads, those that exist already too.
      _ = try ChildProcess.run("taskset", ["-a", "-cp", "\(core)", "\(process)"])
    }
  }

  /// User and system time so far (proc(5), fields 14 and 15 of stat, in clock ticks).
  static func cpuMicros(_ process: Int32) throws -> Int64 {
    let fields = try read("/proc/\(process)/stat").split(separator: " ")
    guard fields.count > 14, let user = Int64(fields[13]), let system = Int64(fields[14]) else {
      throw TestFailure("cannot read the CPU time of process \(process)")
    }
    return (user + system) * 1_000_000 / Int64(sysconf(Int32(_SC_CLK_TCK)))
  }

  static func residentBytes(_ process: Int32) throws -> Int64 {
    let fields = try read("/proc/\(process)/statm").split(separator: " ")
    guard fields.count > 1, let pages = Int64(fields[1]) else {
      throw TestFailure("cannot read the memory of process \(process)")
    }
    return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// The most that was ever resident (proc(5), VmHWM in status).
  static func peakBytes(_ process: Int32) throws -> Int64 {
    let lines = try read("/proc/\(process)/status").split(separator: "\n")
    guard let line = lines.first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({
        Int64($0)
      })
    else { throw TestFailure("cannot read the peak memory of process \(process)") }
    return kibibytes * 1_024
  }

  private static func read(_ path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TestFailure("cannot read \(path)")
    }
    return String(decoding: data, as: UTF8.self)
  }
}

/// How figures of several rounds are shown.
enum Figures {
  static func median(_ values: [Double]) -> Double {
    values.sorted()[values.count / 2]
  }

  static func round(_ value: Double) -> Double { (value * 10).rounded() / 10 }

  /// The median, and the least and the greatest behind it.
  static func describe(_ values: [Double]) -> String {
    "\(round(median(values))) (\(round(values.min() ?? 0)) – \(round(values.max() ?? 0)))"
  }
}
