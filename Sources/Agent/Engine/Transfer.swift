import CCurl
import COpenSSL
import Glibc
import Shared

/// One client's means to make requests: a libcurl handle with a connection cache of its own, made
/// when first needed. Confined to its engine thread.
final class Transfer {
  /// libcurl's read buffer per handle, bytes: small, because there are many handles, and
  /// responses of load tests are, too. It is there only while an exchange is under way.
  private static let bufferBytes = 4 << 10
  /// The same where HTTP/2 may be spoken: with less than a TLS record (16 KiB) libcurl 7.88
  /// leaves what it has decrypted lying and waits for the socket, which says nothing more.
  private static let bufferBytesHTTP2 = 16 << 10
  /// libcurl sends a body of less than this together with the head, and counts it as such.
  private static let bodyBytesWithHead = 64 << 10
  /// Whether libcurl counts the body of the prepared request apart from its head.
  private(set) var sendsBodyApart = false
  /// Connections that a client keeps alive, as a browser per host.
  private static let connectionsMax = 6

  /// The easy handle.
  let pointer: UnsafeMutableRawPointer
  /// Connections, which all transfers of a client have in common.
  let share: ShareHandle
  private var headerList: UnsafeMutablePointer<curl_slist>?
  /// The request that the handle is set up for: nothing needs to be set again for the same one.
  private var prepared: ScriptRequest?
  /// What its headers say of cookies.
  private var headerCookies: [UInt8] = []
  /// The cookies that it is set up with.
  private var preparedCookies: [UInt8] = []
  /// The timeout that it is set up with, milliseconds.
  private var preparedTimeout = 0
  /// The host of the last exchange, if it went well and has a name.
  private(set) var reachedHost: String?
  /// The request of the exchange under way.
  var current: ScriptRequest?

  // What the callbacks collect of the exchange under way.
  var body: [UInt8] = []
  var bodyBytes = 0
  var bodyChunks: UInt32 = 0
  /// Follows the chunks of the body; nil when it does not come in such.
  var chunks: ChunkDecoding?
  /// Bytes of a body that does not.
  var bodyWireBytes: Int64 = 0
  /// Undoes the body's codings; nil when it has none.
  var decoding: ContentDecoding?
  /// The head of the response that comes, as far as it has.
  var responseHead = ResponseHead()
  /// Why our callbacks ended the exchange: libcurl only says that they did.
  var refusal: ErrorReason?
  var headers: [(name: String, value: String)] = []
  /// Whether a whole response has come of which libcurl expects more.
  var isOver = false
  /// Whether the connection was kept from being used again.
  private var forbidsReuse = false
  /// Status line and headers as they came, if the request `needsHead`.
  var head: [UInt8] = []
  var keepsBody = false
  var bodyBytesMax = Int.max
  private let settings: HTTPSettings
  private let trust: TrustAnchors
  /// The origin of an exchange that `ClearTextHTTP2` has been told of.
  private var clearTextOrigin: String?
  /// How often the request of the exchange under way was about to be sent.
  var sendings = 0
  /// When the exchange began and when the first byte of its response came, monotonic
  /// nanoseconds; 0 before that.
  private var beganNanos: Int64 = 0
  var firstByteNanos: Int64 = 0
  /// When a TLS handshake began, monotonic nanoseconds; 0 before that.
  private var handshakeNanos: Int64 = 0
  /// The socket of the exchange that has just ended; below 0 when it is closed.
  var socket: Int32 = -1
  /// Where libcurl says more of a failure than its code does, if HTTP/2 may be spoken.
  private(set) var failureText: UnsafeMutablePointer<CChar>?
  /// Whether the request of the exchange under way was moved to a connection of its own.
  var isRepeated = false
  /// Why an exchange over HTTP/2 failed, where libcurl's code says too little.
  var http2Reason: ErrorReason?
  /// Whether libcurl was told to begin with HTTP/2's greeting, and whether it would not have been
  /// where it must.
  var greets = false
  var isUngreeted = false
  /// Whether it was told to make a new connection, which later exchanges need not.
  var isFreshForced = false
  /// Counts what goes over the connection that was made for the exchange, if it has TLS.
  var meter: ConnectionMeter?
  /// Why the last socket could not be made, as errno; 0 when it could.
  var socketError: Int32 = 0
  /// Whom the last connection led to; read for `Code` scripts only.
  var peer: Peer?
  /// Whether the exchange under way has come as far as that.
  var meetsPeer = false
  /// Whether the handle is set up to log in by NTLM.
  private var logsIn = false
  /// Set while the exchange under way is captured, see `Transfer+Capture.swift`.
  var capture: TraceCapture?
  unowned let engine: EngineThread

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
    self.settings = settings
    self.trust = trust
    pointer = easy
    self.engine = engine
    bodyBytesMax = settings.bodyBytesMax
    configure(owner)
  }

  deinit {
    // Nothing is told of the end of connections to one that is going.
    endCapture()
    curl_easy_cleanup(pointer)
    curl_slist_free_all(headerList)
    failureText?.deallocate()
  }

  private func configure(_ owner: UnsafeMutableRawPointer) {
    let handle = pointer
    let me = Unmanaged.passUnretained(self).toOpaque()
    throng_set_share(handle, share.pointer)
    throng_set_pointer(handle, CURLOPT_PRIVATE, owner)
    throng_set_open_socket(handle, openSocket, me)
    throng_set_close_socket(
      handle, closeSocket, Unmanaged.passUnretained(engine).toOpaque())
    throng_set_long(handle, CURLOPT_NOSIGNAL, 1)
    throng_set_long(handle, CURLOPT_MAXCONNECTS, Self.connectionsMax)
    // Nobody waits for "100 Continue", as in k6: 0 would be libcurl's own second.
    throng_set_long(handle, CURLOPT_EXPECT_100_TIMEOUT_MS, 1)
    // Chunks come with their framing: `ChunkDecoding` undoes it.
    throng_set_long(handle, CURLOPT_HTTP_TRANSFER_DECODING, 0)
    throng_set_data_callback(handle, CURLOPT_WRITEFUNCTION, receiveBody)
    throng_set_pointer(handle, CURLOPT_WRITEDATA, me)
    throng_set_data_callback(handle, CURLOPT_HEADERFUNCTION, receiveLine)
    throng_set_pointer(handle, CURLOPT_HEADERDATA, me)
    throng_set_before_request(handle, beforeRequest, me)
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
    if settings.version == .http2, share.clearText == nil { share.clearText = ClearTextHTTP2() }
    if !settings.verifyTLS {
      throng_set_long(handle, CURLOPT_SSL_VERIFYPEER, 0)
      throng_set_long(handle, CURLOPT_SSL_VERIFYHOST, 0)
    } else {
      TrustAnchors.replaceOwn(of: handle)
    }
    throng_set_tls_context(handle, beginHandshake, me)
  }

  /// Sets the handle up for `request`, unless it is already.
  ///
  /// - Parameters:
  ///   - elapsedMs: what redirects before it have used up of its timeout.
  ///   - cookies: as in a `Cookie` header; empty for none.
  func prepare(
    _ request: ScriptRequest, defaultTimeoutMs: Int, elapsedMs: Int64, cookies: [UInt8]
  ) {
    startExchange(request)
    beginClearText(request)
    let timeout = max(1, (request.timeoutMs ?? defaultTimeoutMs) - Int(clamping: elapsedMs))
    if timeout != preparedTimeout {
      preparedTimeout = timeout
      throng_set_long(pointer, CURLOPT_TIMEOUT_MS, timeout)
      throng_set_long(pointer, CURLOPT_CONNECTTIMEOUT_MS, timeout)
    }
    if prepared !== request { setUp(request) }
    setCookies(cookies)
  }

  private func setUp(_ request: ScriptRequest) {
    prepared = request
    let handle = pointer
    let mayBeHTTP2 = mayBeHTTP2(request)
    throng_set_long(
      handle, CURLOPT_BUFFERSIZE, mayBeHTTP2 ? Self.bufferBytesHTTP2 : Self.bufferBytes)
    if mayBeHTTP2, failureText == nil {
      failureText = .allocate(capacity: Int(CURL_ERROR_SIZE))
      failureText?.pointee = 0
      throng_set_pointer(handle, CURLOPT_ERRORBUFFER, failureText)
    }
    // Parallel requests of a client wait to see whether one connection can take them all.
    throng_set_long(handle, CURLOPT_PIPEWAIT, mayBeHTTP2 && !request.isPlain ? 1 : 0)
    setMethod(request)
    throng_set_string(handle, CURLOPT_URL, request.sentURL)
    setHeaders(request)
    setLogin(request)
  }

  /// NTLM is libcurl's: it goes with connections, and HTTP/2 has none of it.
  private func setLogin(_ request: ScriptRequest) {
    let login = request.login.flatMap { $0.scheme == .ntlm ? $0 : nil }
    guard login != nil || logsIn else { return }
    logsIn = login != nil
    throng_set_ntlm(pointer, login?.user, login?.password)
    let isOld = logsIn || settings.version == .http1
    throng_set_long(
      pointer, CURLOPT_HTTP_VERSION, Int(isOld ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS))
  }

  /// Sets what is sent as `Cookie`: what the headers say, then the cookies themselves.
  private func setCookies(_ cookies: [UInt8]) {
    var text = cookies
    if !headerCookies.isEmpty {
      text = headerCookies
      if !cookies.isEmpty { text += "; ".utf8 }
      text += cookies
    }
    guard text != preparedCookies else { return }
    preparedCookies = text
    guard !text.isEmpty else {
      throng_set_string(pointer, CURLOPT_COOKIE, nil)
      return
    }
    (text + [0]).withUnsafeBytes { bytes in
      let start = bytes.assumingMemoryBound(to: CChar.self).baseAddress
      _ = throng_set_string(pointer, CURLOPT_COOKIE, start)
    }
  }

  /// The exchange for `request` has ended, or was given up.
  func finished(_ request: ScriptRequest, succeeded: Bool) {
    reachedHost = succeeded ? request.lookupHost : nil
    guard let origin = clearTextOrigin else { return }
    clearTextOrigin = nil
    for key in share.clearText?.ended(with: origin, succeeded: succeeded) ?? [] {
      engine.sockets.shutDown(key)
    }
  }

  /// Microseconds from the start of the exchange to the first byte of its response, for requests
  /// with a body: libcurl's own figure is the start of the upload then.
  var firstByteMicros: Int64? {
    firstByteNanos > 0 ? max(0, firstByteNanos - beganNanos) / 1_000 : nil
  }

  /// A connection of this exchange is open, and its TLS handshake begins in `context`.
  func handshakeBegins(_ context: OpaquePointer) {
    handshakeNanos = Clock.monotonicNanos()
    if settings.verifyTLS { trust.use(in: context) }
    peer = nil
    if current?.isOfCode == true { throng_ask_for_stapling(context) }
    if settings.version != .http1 { meter = ConnectionMeter(context: context) }
  }

  /// Microseconds from the start of the exchange until the connection was open; 0 when it was
  /// not. libcurl 7.88 does not say so before the TLS handshake has ended.
  func openMicros(of told: Int32) -> Int32 {
    guard told <= 0, handshakeNanos > 0 else { return told }
    return max(1, Int32(clamping: (handshakeNanos - beganNanos) / 1_000))
  }

  /// What has come beside the response would be taken for the next one.
  func forbidReuse() {
    forbidsReuse = true
    throng_set_long(pointer, CURLOPT_FORBID_REUSE, 1)
  }

  func mayBeHTTP2(_ request: ScriptRequest) -> Bool {
    request.isPlain ? share.clearText != nil : settings.version != .http1
  }

  private func beginClearText(_ request: ScriptRequest) {
    guard share.clearText != nil else {
      if isFreshForced {
        isFreshForced = false
        throng_set_long(pointer, CURLOPT_FRESH_CONNECT, settings.reusesConnections ? 0 : 1)
      }
      return
    }
    guard request.isPlain, let choice = share.clearText?.begin(with: request.origin) else {
      throng_set_long(pointer, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
      throng_set_long(pointer, CURLOPT_FRESH_CONNECT, settings.reusesConnections ? 0 : 1)
      return
    }
    clearTextOrigin = request.origin
    greets = choice.version == CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE
    throng_set_long(pointer, CURLOPT_HTTP_VERSION, choice.version)
    let isFresh = choice.needsNewConnection || !settings.reusesConnections
    throng_set_long(pointer, CURLOPT_FRESH_CONNECT, isFresh ? 1 : 0)
  }

  private func startExchange(_ request: ScriptRequest) {
    bodyChunks = 0
    bodyWireBytes = 0
    startResponse()
    isOver = false
    isRepeated = false
    http2Reason = nil
    isUngreeted = false
    LingeringHeader.forget(pointer)
    if forbidsReuse {
      forbidsReuse = false
      throng_set_long(pointer, CURLOPT_FORBID_REUSE, settings.reusesConnections ? 0 : 1)
    }
    socketError = 0
    sendings = 0
    meetsPeer = false
    refusal = nil
    firstByteNanos = 0
    beganNanos = Clock.monotonicNanos()
    handshakeNanos = 0
    meter = nil
    current = request
    keepsBody = request.needsBody
  }

  /// Nothing of a response has come.
  func startResponse() {
    body.removeAll(keepingCapacity: body.capacity <= 1 << 16)
    bodyBytes = 0
    chunks = nil
    responseHead = ResponseHead()
    decoding = nil
    if !headers.isEmpty { headers.removeAll() }
    if !head.isEmpty { head.removeAll(keepingCapacity: true) }
  }

  private func setHeaders(_ request: ScriptRequest) {
    let handle = pointer
    var list: UnsafeMutablePointer<curl_slist>?
    var encodings = ContentDecoding.accepted
    var (hasContentType, asksFirst) = (false, false)
    headerCookies = []
    for (name, value) in request.headers {
      let lowercase = name.lowercased()
      if lowercase == "accept-encoding" {
        encodings = value
        continue
      }
      if lowercase == "cookie" {
        // Sent beside the client's own cookies, not instead of them.
        if !value.isEmpty {
          if !headerCookies.isEmpty { headerCookies += "; ".utf8 }
          headerCookies += value.utf8
        }
        continue
      }
      // libcurl counts the body itself: another number would make the rest of it a request.
      if lowercase == "content-length" { continue }
      if lowercase == "content-type" { hasContentType = true }
      if lowercase == "expect", value.lowercased() == "100-continue" { asksFirst = true }
      // libcurl takes `Name;` for a header with an empty value, `Name:` for one to leave out.
      list = curl_slist_append(list, value.isEmpty ? "\(name);" : "\(name): \(value)")
    }
    if let referrer = request.referrer {
      list = curl_slist_append(list, "Referer: \(referrer)")
    }
    sendsBodyApart = (request.body?.count ?? 0) >= Self.bodyBytesWithHead || asksFirst
    // No waiting for "100 Continue": the body follows at once.
    if request.body != nil, !asksFirst { list = curl_slist_append(list, "Expect:") }
    // libcurl would call every body, even an absent one, that of a form.
    if !hasContentType { list = curl_slist_append(list, "Content-Type:") }
    // libcurl is told nothing of it, and so decodes nothing.
    if !encodings.isEmpty { list = curl_slist_append(list, "Accept-Encoding: \(encodings)") }
    throng_set_list(handle, CURLOPT_HTTPHEADER, list)
    curl_slist_free_all(headerList)
    headerList = list
  }
}
