import Shared

/// Ports of this machine that nobody uses.
public enum FreePort {
  /// Takes `count` free ports at once and gives them back, for programs that cannot take port 0
  /// themselves. Somebody else may take one in between: retry then.
  public static func take(_ count: Int) throws -> [UInt16] {
    let sockets = try (0..<count).map { _ in
      try Socket.listen(HostPort(host: "127.0.0.1", port: 0))
    }
    return sockets.map(Socket.localPort)
  }

  /// A port where connections are refused: it was free a moment ago.
  public static func refusing() throws -> UInt16 { try take(1)[0] }
}
