import CLinux
import Foundation
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
}
