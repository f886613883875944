import Foundation
import Shared

/// `throng demo-target`: a small HTTP server to try Throng on.
func runDemoTarget(arguments: [String]) -> Int32 {
  let parser = DemoTarget.parser
  do {
    let options = try parser.parse(
      arguments, environment: ProcessInfo.processInfo.environment)
    if options.has("help") {
      print(DemoTarget.help(parser), terminator: "")
      return ExitCode.success
    }
    if options.has("version") {
      print("throng \(throngVersion)")
      return ExitCode.success
    }
    try options.configureLogger()
    let port = try options.int("port", in: 0...65_535) ?? 0
    SignalSource.block([SIGTERM, SIGINT])
    try DemoTarget(port: UInt16(port)).run()
    return ExitCode.success
  } catch {
    return ThrongCommand.failed(error, command: "demo-target")
  }
}

/// The demo's server: one loop on the calling thread, until SIGTERM or SIGINT.
final class DemoTarget {
  private let loop: EventLoop
  private let listener: FileDescriptor
  private var connections: [Int32: DemoConnection] = [:]
  /// Nanoseconds without accepting after it failed, most likely for want of descriptors.
  private static let acceptPauseNanos: Int64 = 100_000_000

  static let parser = OptionParser(
    [Option("port", value: "PORT", "port on 127.0.0.1, 0 takes any free one (default 0)")]
      + OptionParser.common)

  /// - Throws: `SystemError` naming the address when the port is taken.
  init(port: UInt16) throws {
    loop = try EventLoop(name: "demo-target")
    listener = try Socket.listen(HostPort(host: "127.0.0.1", port: port))
    try loop.watch(listener.number, .read) { [weak self] _ in self?.acceptAll() }
  }

  static func help(_ parser: OptionParser) -> String {
    """
    throng demo-target: a small HTTP server on 127.0.0.1 to try Throng on

    usage: throng demo-target [--port PORT]

    \(parser.helpText())
    Answers / (a page), /json, /slow?ms=N and /status/N; everything else is 404. Prints
    "listening on 127.0.0.1:PORT" and serves until SIGTERM or Ctrl-C.

    exit codes:
      0    ended by a signal
      1    failure, e.g. the port is taken
      104  bad flags

    """
  }

  /// Serves until a signal.
  func run() throws {
    let loop = self.loop
    let signals = try SignalSource([SIGTERM, SIGINT], loop: loop) { _ in loop.stop() }
    DescriptorLimit.raise()
    print("listening on 127.0.0.1:\(Socket.localPort(listener))")
    fflush(nil)
    withExtendedLifetime(signals) { loop.run() }
  }

  private func acceptAll() {
    do {
      while let socket = try Socket.accept(listener) {
        connections[socket.number] = try DemoConnection(socket: socket, loop: loop) {
          [weak self] number in
          self?.connections[number] = nil
        }
      }
    } catch {
      // The listener stays readable: without a pause the loop would spin.
      loop.rewatch(listener.number, [])
      loop.schedule(afterNanos: Self.acceptPauseNanos) { [weak self] in
        guard let self else { return }
        self.loop.rewatch(self.listener.number, .read)
      }
    }
  }
}
