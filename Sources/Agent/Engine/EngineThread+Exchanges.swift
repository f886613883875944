import CCurl
import Shared

/// HTTP exchanges through libcurl: begin, redirects, results.
extension EngineThread {
  /// Begins a request of a script.
  ///
  /// - Returns: what the script wants next when the request could not even be begun, else nil.
  func begin(_ request: ScriptRequest, of user: VirtualUser) -> ScriptAction? {
    user.request = request
    user.redirects = 0
    user.requestStartNanos = now
    user.hopStartNanos = now
    guard request.problem == nil else {
      return failAtOnce(user, request, .invalidRequest)
    }
    user.state = .requesting
    guard mayStart(user.run) else {
      park(user)
      return nil
    }
    return send(request, user)
  }

  /// Sends a request or the hop of one.
  @discardableResult
  func send(_ request: ScriptRequest, _ user: VirtualUser) -> ScriptAction? {
    user.hop = request
    user.state = .requesting
    // A client that has been there before has a connection, and nothing to look up.
    if let host = request.lookupHost, host != user.transfer?.reachedHost {
      user.ticket &+= 1
      let waiter = (user: user, ticket: user.ticket)
      guard lookups.mayGoOn(host, now: now, waiter: waiter) else {
        user.awaitsLookup = true
        return nil
      }
    }
    return dispatch(request, user)
  }

  /// Another client's lookup of the same name has ended.
  func sendAfterLookup(_ user: VirtualUser) {
    guard user.awaitsLookup, let hop = user.hop else { return }
    user.awaitsLookup = false
    guard mayStart(user.run) else {
      user.request = hop
      return park(user)
    }
    if let action = dispatch(hop, user) { perform(action, user) }
  }

  /// A name was looked up, or the client that did so has ended with it.
  func lookupEnded(_ request: ScriptRequest, resolved: Bool) {
    guard let host = request.lookupHost else { return }
    lookedUp += lookups.ended(host, resolved: resolved, now: now)
  }

  private func dispatch(_ request: ScriptRequest, _ user: VirtualUser) -> ScriptAction? {
    let run = user.run
    user.hopStartNanos = now
    if user.transfer == nil { user.transfer = makeTransfer(user) }
    guard let transfer = user.transfer else {
      return failAtOnce(user, request, .agentResources)
    }
    transfer.prepare(request, defaultTimeoutMs: run.lease.http.requestTimeoutMs)
    let code = curl_multi_add_handle(multi, transfer.pointer)
    guard code == CURLM_OK else { return failAtOnce(user, request, .agentResources) }
    return nil
  }

  private func makeTransfer(_ user: VirtualUser) -> Transfer? {
    let run = user.run
    let owner = Unmanaged.passUnretained(user).toOpaque()
    return Transfer(settings: run.lease.http, trust: run.trust, engine: self, owner: owner)
  }

  /// Records a request that never left, and asks the script how to go on.
  private func failAtOnce(
    _ user: VirtualUser, _ request: ScriptRequest, _ reason: ErrorReason
  ) -> ScriptAction {
    lookupEnded(request, resolved: false)
    var row = newRow(user, request)
    row.error = reason
    row.connectionCloseMicros = 0
    record(row, of: user)
    user.hop = nil
    user.request = nil
    return user.script.requestFinished(
      ScriptResponse(status: 0, error: reason, totalMicros: 0), checks: user.run)
  }

  /// libcurl is done with an exchange.
  func exchangeFinished(_ user: VirtualUser, code: CURLcode) {
    guard let transfer = user.transfer, let hop = user.hop, let request = user.request else {
      return
    }
    // Later exchanges of the same turn end later: their times must not be those of its start.
    now = Clock.monotonicNanos()
    var row = newRow(user, hop)
    if Self.measure(transfer, code, hop, &row) {
      user.connection = user.run.takeConnectionNumber()
    }
    row.connection = user.connection
    transfer.finished(hop, succeeded: code == CURLE_OK)
    lookupEnded(hop, resolved: code == CURLE_OK)
    var contentType: UnsafeMutablePointer<CChar>?
    throng_get_string(transfer.pointer, CURLINFO_CONTENT_TYPE, &contentType)
    if let contentType {
      row.contentType = Int32(user.run.contentTypeIndex(contentType))
    }
    let next = redirect(user, transfer, hop, &row)
    record(row, of: user)
    if let next {
      guard mayStart(user.run) else {
        user.request = next
        return park(user)
      }
      if let action = send(next, user) { perform(action, user) }
      return
    }
    let response = ScriptResponse(
      status: Int(row.status), error: row.error,
      totalMicros: (now - user.requestStartNanos) / 1_000,
      body: request.needsBody ? transfer.body : [],
      headers: request.needsHeaders ? transfer.headers : [])
    user.hop = nil
    user.request = nil
    user.run.now = now
    perform(user.script.requestFinished(response, checks: user.run), user)
  }

  /// The next hop when the response redirects and more hops are allowed.
  private func redirect(
    _ user: VirtualUser, _ transfer: Transfer, _ hop: ScriptRequest, _ row: inout RequestRow
  ) -> ScriptRequest? {
    let most = user.run.lease.http.redirectsMax
    guard row.error == .none, (300..<400).contains(row.status), most > 0 else { return nil }
    var location: UnsafeMutablePointer<CChar>?
    throng_get_string(transfer.pointer, CURLINFO_REDIRECT_URL, &location)
    guard let location else { return nil }
    guard user.redirects < most else {
      row.error = .tooManyRedirects
      row.success = false
      return nil
    }
    user.redirects += 1
    return hop.redirected(to: String(cString: location), status: Int(row.status))
  }

  /// Cuts an exchange that is under way.
  func abort(_ user: VirtualUser) {
    // One that waited for a lookup has sent nothing: there is no request to account for.
    guard !user.awaitsLookup else { return user.awaitsLookup = false }
    guard let transfer = user.transfer, let hop = user.hop else { return }
    lookupEnded(hop, resolved: false)
    curl_multi_remove_handle(multi, transfer.pointer)
    var row = newRow(user, hop)
    _ = Self.measure(transfer, CURLE_OK, hop, &row)
    row.error = .aborted
    row.success = false
    row.connectionCloseMicros = Int32(clamping: (now - user.hopStartNanos) / 1_000)
    record(row, of: user)
  }

  // MARK: rows

  private func newRow(_ user: VirtualUser, _ request: ScriptRequest) -> RequestRow {
    var row = RequestRow()
    let run = user.run
    row.startedAtMicros = run.micros(at: user.hopStartNanos)
    row.client = user.client
    row.iteration = UInt32(truncatingIfNeeded: user.iterationsFinished)
    let names = run.indices(of: request)
    row.resource = names.resource
    row.method = names.method
    row.connection = user.connection
    return row
  }

  private func record(_ row: RequestRow, of user: VirtualUser) {
    let run = user.run
    run.recorder.record(row, now: now)
    if run.recorder.isFull { handOn(run) }
  }

  /// Reads libcurl's measurements of an exchange.
  ///
  /// - Returns: whether a connection was made for it.
  private static func measure(
    _ transfer: Transfer, _ code: CURLcode, _ hop: ScriptRequest, _ row: inout RequestRow
  ) -> Bool {
    let handle = transfer.pointer
    func micros(_ info: CURLINFO) -> Int32 {
      var value: curl_off_t = 0
      throng_get_offset(handle, info, &value)
      return Int32(clamping: value)
    }
    func bytes(_ info: CURLINFO) -> Int64 {
      var value: curl_off_t = 0
      throng_get_offset(handle, info, &value)
      return Int64(value)
    }
    func number(_ info: CURLINFO) -> Int {
      var value = 0
      throng_get_long(handle, info, &value)
      return value
    }
    let connects = number(CURLINFO_NUM_CONNECTS)
    let connected = micros(CURLINFO_CONNECT_TIME_T)
    // Also for what failed after it was sent: no connection was made for it, so it had one.
    let reused = connects == 0 && (code == CURLE_OK || number(CURLINFO_REQUEST_SIZE) > 0)
    let resolved = micros(CURLINFO_NAMELOOKUP_TIME_T)
    row.status = UInt16(clamping: number(CURLINFO_RESPONSE_CODE))
    row.error = ErrorReason(
      code: code,
      osError: transfer.socketError != 0
        ? Int(transfer.socketError) : number(CURLINFO_OS_ERRNO),
      resolved: resolved > 0 || reused, connected: connected > 0 || reused,
      bodyTooLarge: transfer.bodyTooLarge)
    row.success = row.error == .none && row.status < 400 && row.status > 0
    let secure = hop.url.hasPrefix("https:") || hop.url.hasPrefix("HTTPS:")
    if reused {
      row.dnsLookupMicros = 0
      row.connectionOpenMicros = 0
      row.tlsHandshakeMicros = secure ? 0 : -1
    } else {
      if resolved > 0, row.error != .dns { row.dnsLookupMicros = resolved }
      if connected > 0 { row.connectionOpenMicros = connected }
      let shaken = micros(CURLINFO_APPCONNECT_TIME_T)
      if secure, shaken > 0 { row.tlsHandshakeMicros = shaken }
    }
    let first = micros(CURLINFO_STARTTRANSFER_TIME_T)
    if row.status > 0, first > 0 { row.firstReceivedMicros = first }
    row.connectionCloseMicros = micros(CURLINFO_TOTAL_TIME_T)
    let head = number(CURLINFO_REQUEST_SIZE)
    let length = hop.body?.count ?? 0
    // libcurl counts a body that left together with the head as part of the request.
    row.bytesSent = Int64(head) + (length < 64 << 10 ? 0 : bytes(CURLINFO_SIZE_UPLOAD_T))
    row.bytesReceived = Int64(number(CURLINFO_HEADER_SIZE)) + bytes(CURLINFO_SIZE_DOWNLOAD_T)
    row.dataPacketsSent = head > 0 ? (length > 0 ? 2 : 1) : 0
    row.dataPacketsReceived = (row.status > 0 ? 1 : 0) + transfer.bodyChunks
    return connects > 0
  }
}
