import Glibc

/// What this process uses, as of the moment it is asked.
public struct ProcessStatistics: Sendable {
  /// Processor time, user and system.
  public let cpuSeconds: Double
  public let residentBytes: Int64
  /// Open file descriptors, and how many there may be.
  public let openFiles: Int
  public let filesMax: Int64
  /// Seconds since the Unix epoch.
  public let startedAtSecs: Double

  public init() {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    cpuSeconds = Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
    residentBytes = ProcessMemory.residentBytes()
    openFiles = Self.countOpenFiles()
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    filesMax = Int64(clamping: limit.rlim_cur)
    startedAtSecs = Self.started
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1e6
  }

  private static func countOpenFiles() -> Int {
    guard let directory = opendir("/proc/self/fd") else { return 0 }
    defer { closedir(directory) }
    var count = 0
    while let entry = readdir(directory) {
      // Neither "." nor "..".
      if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
    }
    // One of them is the directory itself.
    return max(0, count - 1)
  }

  /// Field 22 of /proc/self/stat, in clock ticks since the machine booted (proc(5)). Read once,
  /// so that a wall clock that is set does not move it.
  private static let started: Double = {
    let now = Double(Clock.wallMicros()) / 1e6
    guard let file = fopen("/proc/self/stat", "re") else { return now }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 1_024)
    let count = fread(&buffer, 1, buffer.count, file)
    // The second field is a name in parentheses, and may hold anything.
    guard let end = buffer[..<count].lastIndex(of: UInt8(ascii: ")")) else { return now }
    let fields = buffer[(end + 1)..<count].split(separator: UInt8(ascii: " "))
    guard fields.count > 19, let ticks = Double(String(decoding: fields[19], as: UTF8.self))
    else { return now }
    let age = Double(Clock.boottimeNanos()) / 1e9 - ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    return now - age
  }()
}
