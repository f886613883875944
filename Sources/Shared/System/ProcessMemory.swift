import Glibc

/// What this process has in memory.
public enum ProcessMemory {
  /// Resident bytes: the second field of statm (proc(5)); 0 when it cannot be read.
  public static func residentBytes() -> Int64 {
    let fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else { return 0 }
    defer { close(fd) }
    return withUnsafeTemporaryAllocation(byteCount: 128, alignment: 1) { buffer in
      let count = read(fd, buffer.baseAddress, buffer.count)
      guard count > 0 else { return 0 }
      let fields = buffer[..<count].split(separator: UInt8(ascii: " "), maxSplits: 2)
      guard fields.count > 1 else { return 0 }
      var pages: Int64 = 0
      for digit in fields[1] { pages = pages * 10 + Int64(digit) - 48 }
      return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }
  }
}
