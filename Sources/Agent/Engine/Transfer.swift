import CCurl
import Glibc
import Shared

/// One client's means to make requests: a libcurl handle with a connection cache and cookies of
/// its own, made when first needed. Confined to its engine thread.
final class Transfer {
  /// libcurl's read buffer per handle, bytes: small, because there are many handles, and
  /// responses of load tests are, too.
  private static let bufferBytes = 4 << 10
  /// Connections that a client keeps alive, as a browser per host.
  private static let connectionsMax = 6
  /// Bytes of headers that a script can read.
  private static let headBytesMax = 256 << 10

  /// The easy handle.
  let pointer: UnsafeMutableRawPointer
  /// Connections and cookies, which all transfers of a client have in common.
  let share: ShareHandle
  private var headerList: UnsafeMutablePointer<curl_slist>?
  /// The request that the handle is set up for: nothing needs to be set again for the same one.
  private var prepared: ScriptRequest?
  /// The host of the last exchange, if it went well and has a name.
  private(set) var reachedHost: String?
  /// The request of the exchange under way.
  fileprivate var current: ScriptRequest?

  // What the callbacks collect of the exchange under way.
  var body: [UInt8] = []
  var bodyBytes = 0
  var bodyChunks: UInt32 = 0
  var bodyTooLarge = false
  var headers: [(name: String, value: String)] = []
  /// Status line and headers as they came, if the request `needsHead`.
  var head: [UInt8] = []
  var keepsBody = false
  private var bodyBytesMax = Int.max
  /// Set when HTTP/2 is wanted on plain connections, too.
  private var clearText: ClearTextHTTP2?
  /// Why the last socket could not be made, as errno; 0 when it could.
  var socketError: Int32 = 0
  /// Set while the exchange under way is captured, see `Transfer+Capture.swift`.
  var capture: TraceCapture?
  fileprivate unowned let engine: EngineThread

  /// - Parameters:
  ///   - owner: comes back as the private pointer of finished messages.
  ///   - sharing: of the client's first transfer, for its further ones.
  /// - Returns: nil when libcurl has no memory for it.
  init?(
    settings: HTTPSettings, trust: TrustAnchors, engine: EngineThread,
    owner: UnsafeMutableRawPointer, sharing: ShareHandle? = nil
  ) {
    guard let share = sharing ?? ShareHandle(), let easy = curl_easy_init() else { return nil }
    self.share = share
    pointer = easy
    self.engine = engine
    bodyBytesMax = settings.bodyBytesMax
    configure(settings, trust, owner)
  }

  deinit {
    // Nothing is told of the end of connections to one that is going.
    endCapture()
    curl_easy_cleanup(pointer)
    curl_slist_free_all(headerList)
  }

  private func configure(
    _ settings: HTTPSettings, _ trust: TrustAnchors, _ owner: UnsafeMutableRawPointer
  ) {
    let handle = pointer
    let me = Unmanaged.passUnretained(self).toOpaque()
    throng_set_share(handle, share.pointer)
    throng_set_pointer(handle, CURLOPT_PRIVATE, owner)
    throng_set_open_socket(handle, openSocket, me)
    throng_set_close_socket(
      handle, closeSocket, Unmanaged.passUnretained(engine).toOpaque())
    throng_set_long(handle, CURLOPT_NOSIGNAL, 1)
    throng_set_long(handle, CURLOPT_BUFFERSIZE, Self.bufferBytes)
    throng_set_long(handle, CURLOPT_MAXCONNECTS, Self.connectionsMax)
    throng_set_data_callback(handle, CURLOPT_WRITEFUNCTION, receiveBody)
    throng_set_pointer(handle, CURLOPT_WRITEDATA, me)
    throng_set_pointer(handle, CURLOPT_HEADERDATA, me)
    throng_set_string(handle, CURLOPT_COOKIEFILE, "")
    throng_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    throng_set_string(
      handle, CURLOPT_USERAGENT, settings.userAgent ?? "throng/\(throngVersion)")
    if !settings.reusesConnections {
      throng_set_long(handle, CURLOPT_FRESH_CONNECT, 1)
      throng_set_long(handle, CURLOPT_FORBID_REUSE, 1)
    }
    // A load test measures the target, not a proxy that the environment happens to name.
    throng_set_string(handle, CURLOPT_PROXY, "")
    throng_set_long(
      handle, CURLOPT_HTTP_VERSION,
      Int(settings.version == .http1 ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS))
    if settings.version == .http2 { clearText = ClearTextHTTP2() }
    if !settings.verifyTLS {
      throng_set_long(handle, CURLOPT_SSL_VERIFYPEER, 0)
      throng_set_long(handle, CURLOPT_SSL_VERIFYHOST, 0)
    } else {
      trust.apply(to: handle)
    }
  }

  /// Sets the handle up for `request`, unless it is already.
  func prepare(_ request: ScriptRequest, defaultTimeoutMs: Int) {
    startExchange(request)
    if clearText != nil, request.url.hasPrefix("http:") {
      let version = clearText?.version(for: request.origin) ?? 0
      throng_set_long(pointer, CURLOPT_HTTP_VERSION, version)
    }
    guard prepared !== request else { return }
    prepared = request
    let handle = pointer
    setMethod(request)
    throng_set_string(handle, CURLOPT_URL, request.url)
    let timeout = request.timeoutMs ?? defaultTimeoutMs
    throng_set_long(handle, CURLOPT_TIMEOUT_MS, timeout)
    throng_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, min(timeout, 10_000))
    setHeaders(request)
    if request.needsHead {
      throng_set_data_callback(handle, CURLOPT_HEADERFUNCTION, receiveHead)
    } else if request.needsHeaders {
      throng_set_data_callback(handle, CURLOPT_HEADERFUNCTION, receiveHeader)
    } else {
      throng_set_data_callback(handle, CURLOPT_HEADERFUNCTION, ignoreHeader)
    }
  }

  /// The cookies of a client in the lines of Netscape's cookie file.
  static func cookies(of handle: UnsafeMutableRawPointer) -> [String] {
    var list: UnsafeMutablePointer<curl_slist>?
    throng_get_list(handle, CURLINFO_COOKIELIST, &list)
    defer { curl_slist_free_all(list) }
    var lines: [String] = []
    var entry = list
    while let current = entry {
      if let data = current.pointee.data { lines.append(String(cString: data)) }
      entry = current.pointee.next
    }
    return lines
  }

  /// Forgets the cookies of a client.
  static func clearCookies(of handle: UnsafeMutableRawPointer) {
    throng_set_string(handle, CURLOPT_COOKIELIST, "ALL")
  }

  /// The exchange for `request` has ended.
  func finished(_ request: ScriptRequest, succeeded: Bool) {
    clearText?.exchanged(with: request.origin, succeeded: succeeded)
    reachedHost = succeeded ? request.lookupHost : nil
  }

  private func startExchange(_ request: ScriptRequest) {
    body.removeAll(keepingCapacity: body.capacity <= 1 << 16)
    bodyBytes = 0
    bodyChunks = 0
    bodyTooLarge = false
    socketError = 0
    current = request
    keepsBody = request.needsBody
    if !headers.isEmpty { headers.removeAll() }
    if !head.isEmpty { head.removeAll(keepingCapacity: true) }
  }

  private func setMethod(_ request: ScriptRequest) {
    let handle = pointer
    // GET first: it undoes what an earlier request's method and body have set.
    throng_set_long(handle, CURLOPT_HTTPGET, 1)
    throng_set_string(handle, CURLOPT_CUSTOMREQUEST, nil)
    if let body = request.body {
      throng_set_long(handle, CURLOPT_POST, 1)
      throng_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
      body.withUnsafeBytes { bytes in
        // libcurl copies it, so the pointer need not outlive the call; it must not be nil
        // though, which for libcurl means "read from a callback".
        var empty: UInt8 = 0
        let base = bytes.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) }
        withUnsafeMutableBytes(of: &empty) { fallback in
          _ = throng_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, base ?? fallback.baseAddress)
        }
      }
      if request.method != "POST" {
        throng_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method)
      }
    } else if request.method == "HEAD" {
      throng_set_long(handle, CURLOPT_NOBODY, 1)
    } else if request.method == "POST" || request.method == "PUT" || request.method == "PATCH" {
      // Without a body these still say that its length is 0.
      throng_set_long(handle, CURLOPT_POST, 1)
      throng_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, 0)
      throng_set_string(handle, CURLOPT_COPYPOSTFIELDS, "")
      if request.method != "POST" {
        throng_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method)
      }
    } else if request.method != "GET" {
      throng_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method)
    }
  }

  private func setHeaders(_ request: ScriptRequest) {
    let handle = pointer
    var list: UnsafeMutablePointer<curl_slist>?
    var encodings = ""
    var hasContentType = false
    var cookie: String?
    for (name, value) in request.headers {
      let lowercase = name.lowercased()
      if lowercase == "accept-encoding" {
        encodings = value
        continue
      }
      if lowercase == "cookie" {
        // Sent beside the client's own cookies, not instead of them.
        if !value.isEmpty { cookie = cookie.map { "\($0); \(value)" } ?? value }
        continue
      }
      if lowercase == "content-type" { hasContentType = true }
      // libcurl takes `Name;` for a header with an empty value, `Name:` for one to leave out.
      list = curl_slist_append(list, value.isEmpty ? "\(name);" : "\(name): \(value)")
    }
    if request.body != nil {
      // No waiting for "100 Continue": the body follows at once.
      list = curl_slist_append(list, "Expect:")
      if !hasContentType { list = curl_slist_append(list, "Content-Type:") }
    }
    throng_set_string(handle, CURLOPT_COOKIE, cookie)
    throng_set_list(handle, CURLOPT_HTTPHEADER, list)
    curl_slist_free_all(headerList)
    headerList = list
    // The empty text stands for every encoding that this libcurl decodes.
    throng_set_string(handle, CURLOPT_ACCEPT_ENCODING, encodings)
  }

  /// One piece of decoded body; false ends the transfer.
  fileprivate func received(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bodyBytes += bytes.count
    bodyChunks += 1
    guard bodyBytes <= bodyBytesMax else {
      bodyTooLarge = true
      return false
    }
    if keepsBody { body.append(contentsOf: bytes) }
    return true
  }

  /// One line of status or headers, with its end.
  fileprivate func receivedHead(_ line: UnsafeRawBufferPointer) {
    // A status line begins a new set: an interim response's headers are not the script's.
    if line.count > 5, line[0] == 0x48, line[1] == 0x54, line[4] == 0x2F {
      head.removeAll(keepingCapacity: true)
    }
    guard head.count + line.count <= Self.headBytesMax else { return }
    head.append(contentsOf: line)
  }

  fileprivate func receivedHeader(_ bytes: UnsafeRawBufferPointer) {
    let line = String(decoding: bytes, as: UTF8.self)
    // A status line begins a new set: an interim response's headers are not the script's.
    if line.hasPrefix("HTTP/") { return headers.removeAll() }
    guard let colon = line.firstIndex(of: ":") else { return }
    let value = line[line.index(after: colon)...]
    headers.append((String(line[..<colon]), value.trimmingHTTPSpace()))
  }
}

extension Substring {
  /// Without spaces, tabs and line ends at both ends.
  fileprivate func trimmingHTTPSpace() -> String {
    var text = self
    while let first = text.unicodeScalars.first, first.value <= 32 {
      text = text.dropFirst()
    }
    while let last = text.unicodeScalars.last, last.value <= 32 { text = text.dropLast() }
    return String(text)
  }
}

func receiveBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let context else { return 0 }
  let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  let buffer = UnsafeRawBufferPointer(start: bytes, count: size * count)
  // A number other than all of it makes libcurl end the transfer as CURLE_WRITE_ERROR.
  return transfer.received(buffer) ? size * count : 0
}

private func receiveHead(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let context else { return 0 }
  let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  transfer.receivedHead(UnsafeRawBufferPointer(start: bytes, count: size * count))
  return size * count
}

private func receiveHeader(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let context else { return 0 }
  let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  transfer.receivedHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
  return size * count
}

/// Makes the socket of a connection, so that the engine knows whose descriptor it is, and why
/// there is none when the machine has run out.
private func openSocket(
  _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype,
  _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
  guard let context, let address else { return CURL_SOCKET_BAD }
  let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  let type = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
  let fd = socket(address.pointee.family, type, address.pointee.protocol)
  guard fd >= 0 else {
    transfer.socketError = errno
    return CURL_SOCKET_BAD
  }
  transfer.engine.sockets.opened(fd)
  // A socket is made once the name is known.
  if let request = transfer.current { transfer.engine.lookupEnded(request, resolved: true) }
  return fd
}

/// Closes a socket after its entry in the table is cleared: the number may be used again.
private func closeSocket(_ context: UnsafeMutableRawPointer?, _ fd: curl_socket_t) -> Int32 {
  if let context {
    Unmanaged<EngineThread>.fromOpaque(context).takeUnretainedValue().sockets.closed(fd)
  }
  return close(fd)
}

/// Without a callback libcurl would hand headers, too, to the body's.
private func ignoreHeader(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int { size * count }
