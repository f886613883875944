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
    residentBytes = ProcessMemory.residentBytes()
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
