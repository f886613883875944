import Glibc

/// What this process, or another one, has in memory.
public enum ProcessMemory {
  /// Resident bytes: the second field of statm (proc(5)); 0 when it cannot be read.
  public static func residentBytes() -> Int64 { residentBytes(at: "/proc/self/statm") }

  /// The same of another process.
  public static func residentBytes(of process: Int32) -> Int64 {
    residentBytes(at: "/proc/\(process)/statm")
  }

  private static func residentBytes(at path: String) -> Int64 {
    let fd = open(path, O_RDONLY | O_CLOEXEC)
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
