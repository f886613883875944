import CLinux
import Foundation
import Glibc
import Shared

/// What this process uses, read from the kernel.
struct ProcessHealth {
  private var lastCPUMicros = throng_cpu_microseconds()
  private var lastNanos = Clock.monotonicNanos()
  /// Share of one core since the reading before.
  private(set) var cpu = 0.0
  private(set) var residentBytes: Int64 = 0

  mutating func read() {
    let cpuMicros = throng_cpu_microseconds()
    let nanos = Clock.monotonicNanos()
    if nanos > lastNanos {
      cpu = Double(cpuMicros - lastCPUMicros) * 1_000 / Double(nanos - lastNanos)
    }
    lastCPUMicros = cpuMicros
    lastNanos = nanos
    residentBytes = Self.resident()
  }

  /// Second field of statm: resident pages (proc(5)).
  private static func resident() -> Int64 {
    guard let data = FileManager.default.contents(atPath: "/proc/self/statm") else { return 0 }
    let fields = String(decoding: data, as: UTF8.self).split(separator: " ")
    guard fields.count > 1, let pages = Int64(fields[1]) else { return 0 }
    return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
  }

  static func openDescriptors() -> Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
  }

  /// Raises the limit of open descriptors as far as allowed; returns what it is then.
  static func raiseDescriptorLimit() -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
    return Int(clamping: limit.rlim_cur)
  }
}
