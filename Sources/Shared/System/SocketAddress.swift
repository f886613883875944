import CLinux
import Glibc

/// A host and port as an operator writes them: `127.0.0.1:7400`, `[::1]:7400`, `host:7400`.
public struct HostPort: Sendable, Equatable, CustomStringConvertible {
  public var host: String
  /// 0 to 65535; 0 asks for any free port when listening.
  public var port: UInt16

  public init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// Nil when the text is not `host:port`.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...])
    else { return nil }
    var host = String(text[..<colon])
    if host.hasPrefix("[") && host.hasSuffix("]") {
      host = String(host.dropFirst().dropLast())
    } else if host.contains(":") {
      return nil
    }
    guard !host.isEmpty else { return nil }
    self.init(host: host, port: port)
  }

  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// One resolved address.
struct ResolvedAddress {
  var family: Int32
  var bytes: [UInt8]

  /// Asks the resolver; blocks. Every address of the host, in the resolver's order.
  static func resolve(_ name: HostPort, passive: Bool) throws -> [ResolvedAddress] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = passive ? AI_PASSIVE : 0
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(name.host, String(name.port), &hints, &list)
    guard status == 0 else { throw ResolveError(name: name, code: status) }
    defer { freeaddrinfo(list) }
    var addresses: [ResolvedAddress] = []
    var next = list
    while let entry = next?.pointee {
      let raw = UnsafeRawBufferPointer(start: entry.ai_addr, count: Int(entry.ai_addrlen))
      addresses.append(ResolvedAddress(family: entry.ai_family, bytes: [UInt8](raw)))
      next = entry.ai_next
    }
    return addresses
  }

  func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    bytes.withUnsafeBytes { raw in
      // A sockaddr is only ever read through its family's layout by the kernel.
      raw.withMemoryRebound(to: sockaddr.self) { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("an address has bytes") }
        return body(base, socklen_t(bytes.count))
      }
    }
  }
}

/// A host name that did not resolve.
public struct ResolveError: Error, Sendable, CustomStringConvertible {
  public var name: HostPort
  public var code: Int32
  public var description: String {
    "resolve \(name.host): \(String(cString: gai_strerror(code)))"
  }
}
