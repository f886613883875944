import Glibc
import Shared

/// How much the store takes, and has left.
struct StoreUsage: Sendable {
  var databaseBytes: Int64
  var walBytes: Int64
  /// What the disk has left for it.
  var freeBytes: Int64
  /// Results that were ever stored.
  var results: Int64
}

extension Store {
  func usage() throws -> StoreUsage {
    StoreUsage(
      databaseBytes: Self.bytes(databasePath), walBytes: Self.bytes("\(databasePath)-wal"),
      freeBytes: Self.freeBytes(path),
      results: try read { try BatchStore.nextResultID(in: $0) }.minus(1))
  }

  /// 0 for a file that is not there.
  private static func bytes(_ path: String) -> Int64 {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : 0
  }

  private static func freeBytes(_ path: String) -> Int64 {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return 0 }
    return Int64(clamping: UInt64(status.f_bavail).times(UInt64(status.f_frsize)))
  }
}
