import Glibc

/// How many files and sockets this process may have open at once.
public enum DescriptorLimit {
  /// Takes all that the system allows: shells start programs with 1,024, which is the right of
  /// programs that use `select`.
  public static func raise() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
