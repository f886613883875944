import CLinux
import Glibc
import Foundation

/// What systemd is told about this process (sd_notify(3)'s datagrams, without its library).
public enum ServiceManager {
  /// Sends e.g. `READY=1`; does nothing when not started by a service manager.
  public static func notify(_ state: String) {
    guard let path = ProcessInfo.processInfo.environment["NOTIFY_SOCKET"], !path.isEmpty else {
      return
    }
    let number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { return }
    let descriptor = FileDescriptor(owning: number)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var name = [UInt8](path.utf8)
    guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
    // A leading @ stands for the abstract namespace, whose names begin with NUL.
    if name[0] == UInt8(ascii: "@") { name[0] = 0 }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
    let text = Array(state.utf8)
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        _ = sendto(
          descriptor.number, text, text.count, Int32(MSG_NOSIGNAL), generic, length)
      }
    }
  }

  /// Half the watchdog's interval, or nil without a watchdog.
  public static var watchdogNanos: Int64? {
    guard let text = ProcessInfo.processInfo.environment["WATCHDOG_USEC"],
      let micros = Int64(text), micros > 0
    else { return nil }
    return micros * 1_000 / 2
  }
}
