import CCurl
import Foundation
import Shared

/// Asks one server over libcurl, on the calling thread: http and https, through the proxies that
/// the environment names, over connections that are kept.
final class CurlClient {
  private let address: ServerAddress
  private let caFile: String?
  private let verifies: Bool
  private let connectTimeoutMs: Int
  /// Keeps the connections; every exchange passes through it.
  private let multi: UnsafeMutableRawPointer

  /// Seconds without a byte after which somebody wonders. Streams may be silent for longer.
  private static let noticeSecs = 10.0
  /// Milliseconds between looks at what else there is to do.
  private static let tickMs: Int32 = 250

  /// - Throws: `UsageError` when the certificates cannot be read.
  init(address: ServerAddress, caFile: String?, verifies: Bool, connectTimeoutMs: Int) throws {
    if let caFile, !FileManager.default.isReadableFile(atPath: caFile) {
      throw UsageError("--server-ca: cannot read \(caFile)")
    }
    self.address = address
    self.caFile = caFile
    self.verifies = verifies
    self.connectTimeoutMs = connectTimeoutMs
    curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    guard let multi = curl_multi_init() else { throw RemoteError.failed("out of memory") }
    self.multi = multi
  }

  deinit { curl_multi_cleanup(multi) }

  /// - Returns: the status, which is below 400.
  /// - Throws: `RemoteError`, or what `sink` or `onTick` throws.
  func perform(
    _ request: RemoteRequest, interrupts: Interrupts?, onTick: (() throws -> Void)?,
    _ sink: @escaping (UnsafeRawBufferPointer) throws -> Void
  ) throws -> Int {
    let exchange = try CurlExchange(contentType: request.contentType, sink)
    configure(exchange, request)
    curl_multi_add_handle(multi, exchange.handle)
    defer { curl_multi_remove_handle(multi, exchange.handle) }
    let code = try drive(exchange, request, interrupts, onTick)
    if let failure = exchange.failure { throw failure }
    guard code == CURLE_OK else {
      let isPlain =
        code == CURLE_SSL_CONNECT_ERROR && exchange.reason(code).contains("version number")
      let hint = isPlain ? " (as from a server that speaks http://)" : ""
      throw RemoteError.unreachable(address.shown, exchange.reason(code) + hint)
    }
    let status = exchange.status
    guard status < 400 else {
      throw RemoteError.refused(
        RemoteProblem(status: status, body: exchange.problem, url: address.shown))
    }
    return status
  }

  private func configure(_ exchange: CurlExchange, _ request: RemoteRequest) {
    let handle = exchange.handle
    throng_set_string(handle, CURLOPT_URL, address.base + request.path.text)
    throng_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    throng_set_string(handle, CURLOPT_USERAGENT, "throng/\(throngVersion)")
    throng_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, connectTimeoutMs)
    throng_set_long(handle, CURLOPT_NOSIGNAL, 1)
    throng_set_long(handle, CURLOPT_TCP_KEEPALIVE, 1)
    throng_set_long(handle, CURLOPT_FOLLOWLOCATION, 1)
    throng_set_long(handle, CURLOPT_MAXREDIRS, 5)
    throng_set_long(
      handle, CURLOPT_POSTREDIR,
      Int(CURL_REDIR_POST_301 | CURL_REDIR_POST_302 | CURL_REDIR_POST_303))
    if let caFile { throng_set_string(handle, CURLOPT_CAINFO, caFile) }
    if !verifies {
      throng_set_long(handle, CURLOPT_SSL_VERIFYPEER, 0)
      throng_set_long(handle, CURLOPT_SSL_VERIFYHOST, 0)
    }
    exchange.set(request)
  }

  /// Runs the exchange to its end. Between the pieces it looks for signals, and for silence.
  private func drive(
    _ exchange: CurlExchange, _ request: RemoteRequest, _ interrupts: Interrupts?,
    _ onTick: (() throws -> Void)?
  ) throws -> CURLcode {
    var running: Int32 = 1
    var isTold = false
    while true {
      curl_multi_perform(multi, &running)
      if exchange.failure != nil || running == 0 { break }
      var extra = curl_waitfd()
      extra.fd = interrupts?.descriptor.number ?? -1
      extra.events = Int16(CURL_WAIT_POLLIN)
      curl_multi_poll(multi, &extra, interrupts == nil ? 0 : 1, Self.tickMs, nil)
      if interrupts?.isRaised() == true { throw RemoteError.interrupted }
      try onTick?()
      if !isTold, exchange.idleSecs > Self.noticeSecs, request.idleSecsMax > Self.noticeSecs * 6 {
        isTold = true
        ThrongCommand.complain("no answer from \(address.shown) yet, waiting; Ctrl-C ends")
      }
      if exchange.idleSecs > request.idleSecsMax {
        let idle = DurationText.text(seconds: request.idleSecsMax)
        throw RemoteError.unreachable(address.shown, "nothing came for \(idle)")
      }
    }
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      if message.pointee.msg == CURLMSG_DONE { return throng_message_result(message) }
    }
    return CURLE_OK
  }
}
