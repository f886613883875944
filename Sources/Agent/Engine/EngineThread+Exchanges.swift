import CCurl
import Shared

/// HTTP exchanges through libcurl: begin, redirects, results.
extension EngineThread {
  /// Begins a request of a script.
  ///
  /// - Returns: what came of it when it could not even be begun, else nil.
  func begin(_ request: ScriptRequest, on exchange: Exchange) -> ScriptResponse? {
    exchange.request = request
    exchange.redirects = 0
    exchange.requestStartNanos = now
    exchange.hopStartNanos = now
    guard request.problem == nil else {
      return failAtOnce(exchange, request, .invalidRequest)
    }
    guard mayStart(exchange.user.run) else {
      park(exchange, before: request)
      return nil
    }
    return send(request, on: exchange)
  }

  private func park(_ exchange: Exchange, before hop: ScriptRequest) {
    exchange.hop = hop
    exchange.isParked = true
  }

  /// The lease was renewed.
  func unpark(_ exchange: Exchange) {
    guard exchange.isParked, let hop = exchange.hop else { return }
    exchange.isParked = false
    if let response = send(hop, on: exchange) { finished(exchange, response) }
  }

  /// Sends a request or the hop of one.
  private func send(_ request: ScriptRequest, on exchange: Exchange) -> ScriptResponse? {
    exchange.hop = request
    // A client that has been there before has a connection, and nothing to look up.
    if let host = request.lookupHost, host != exchange.transfer?.reachedHost {
      exchange.ticket &+= 1
      let waiter = (exchange: exchange, ticket: exchange.ticket)
      guard lookups.mayGoOn(host, now: now, waiter: waiter) else {
        exchange.awaitsLookup = true
        return nil
      }
    }
    return dispatch(request, on: exchange)
  }

  /// Another client's lookup of the same name has ended.
  func sendAfterLookup(_ exchange: Exchange) {
    guard exchange.awaitsLookup, let hop = exchange.hop else { return }
    exchange.awaitsLookup = false
    guard mayStart(exchange.user.run) else { return park(exchange, before: hop) }
    if let response = dispatch(hop, on: exchange) { finished(exchange, response) }
  }

  /// A name was looked up, or the client that did so has ended with it.
  func lookupEnded(_ request: ScriptRequest, resolved: Bool) {
    guard let host = request.lookupHost else { return }
    lookedUp += lookups.ended(host, resolved: resolved, now: now)
  }

  private func dispatch(_ request: ScriptRequest, on exchange: Exchange) -> ScriptResponse? {
    let run = exchange.user.run
    exchange.hopStartNanos = now
    if exchange.transfer == nil { exchange.transfer = makeTransfer(for: exchange) }
    guard let transfer = exchange.transfer else {
      return failAtOnce(exchange, request, .agentResources)
    }
    let cookies = cookies(for: request, of: exchange.user)
    if request === exchange.request { exchange.cookies = cookies }
    transfer.prepare(
      request, defaultTimeoutMs: run.lease.http.requestTimeoutMs,
      elapsedMs: (now - exchange.requestStartNanos) / 1_000_000, cookies: cookies)
    if run.isTracing { capture(request, on: transfer, of: run) }
    let code = curl_multi_add_handle(multi, transfer.pointer)
    guard code == CURLM_OK else {
      giveUpCapture(on: transfer, of: run)
      transfer.finished(request, succeeded: false)
      return failAtOnce(exchange, request, .agentResources)
    }
    return nil
  }

  private func makeTransfer(for exchange: Exchange) -> Transfer? {
    let run = exchange.user.run
    let first = exchange.user.exchange
    // All have the connections of the first one, which therefore is made first.
    if exchange !== first, first.transfer == nil { first.transfer = makeTransfer(for: first) }
    return Transfer(
      settings: run.lease.http, trust: run.trust, engine: self,
      owner: Unmanaged.passUnretained(exchange).toOpaque(), sharing: first.transfer?.share)
  }

  /// Records a request that never left.
  private func failAtOnce(
    _ exchange: Exchange, _ request: ScriptRequest, _ reason: ErrorReason
  ) -> ScriptResponse {
    lookupEnded(request, resolved: false)
    var row = newRow(exchange, request)
    row.error = reason
    // What could not be made took no time, and is in no statistics of times.
    if reason != .invalidRequest { row.connectionCloseMicros = 0 }
    record(row, of: exchange.user)
    exchange.finish()
    var response = ScriptResponse(
      status: 0, error: reason, totalMicros: 0, problem: request.problem)
    response.timings.close = row.connectionCloseMicros
    return response
  }

  /// libcurl is done with an exchange.
  func exchangeFinished(_ exchange: Exchange, code: CURLcode) {
    guard let transfer = exchange.transfer, let hop = exchange.hop, let request = exchange.request
    else { return }
    let run = exchange.user.run
    pulse.beat()
    let code = transfer.isOver ? CURLE_OK : code
    guard !transfer.mustRepeat(hop, after: code) || !sendAgain(transfer, hop) else { return }
    // Later exchanges of the same turn end later: their times must not be those of its start.
    now = Clock.monotonicNanos()
    var row = newRow(exchange, hop)
    let isNewConnection = Self.measure(transfer, code, hop, &row)
    if isNewConnection { exchange.connection = run.takeConnectionNumber() }
    row.connection = exchange.connection
    transfer.finished(hop, succeeded: code == CURLE_OK)
    lookupEnded(hop, resolved: code == CURLE_OK)
    var contentType: UnsafeMutablePointer<CChar>?
    throng_get_string(transfer.pointer, CURLINFO_CONTENT_TYPE, &contentType)
    if let contentType {
      row.contentType = Int32(run.contentTypeIndex(contentType))
    }
    if row.error == .none, !transfer.responseHead.cookies.isEmpty {
      keepCookies(of: transfer.responseHead, from: hop, in: exchange.user)
    }
    let next = redirect(exchange, transfer, hop, &row) ?? answer(transfer, hop, &row)
    record(row, of: exchange.user)
    if run.isTracing {
      finishCapture(of: transfer, hop, row, isNewConnection: isNewConnection, in: run)
    }
    if let next {
      guard mayStart(run) else { return park(exchange, before: next) }
      if let response = send(next, on: exchange) { finished(exchange, response) }
      return
    }
    finished(exchange, response(to: request, exchange, transfer, row))
  }

  /// Sends a request that its server has not acted upon over a connection of its own.
  private func sendAgain(_ transfer: Transfer, _ hop: ScriptRequest) -> Bool {
    transfer.beginAgain()
    return curl_multi_add_handle(multi, transfer.pointer) == CURLM_OK
  }

  /// What a script sees of the last hop.
  private func response(
    to request: ScriptRequest, _ exchange: Exchange, _ transfer: Transfer, _ row: RequestRow
  ) -> ScriptResponse {
    var response = ScriptResponse(
      status: Int(row.status), error: row.error,
      totalMicros: (now - exchange.requestStartNanos) / 1_000,
      body: request.needsBody ? transfer.body : [],
      headers: request.needsHeaders ? transfer.headers : [])
    response.head = transfer.head
    response.cookies = exchange.cookies
    response.setsCookies = !transfer.responseHead.cookies.isEmpty
    if transfer.meetsPeer { response.peer = transfer.peer?.number ?? 0 }
    response.form = request.isBinary ? .binary : request.needsBody ? .text : .none
    response.timings = ScriptResponse.Timings(
      dns: row.dnsLookupMicros, open: row.connectionOpenMicros, tls: row.tlsHandshakeMicros,
      first: row.firstReceivedMicros, close: row.connectionCloseMicros)
    if let sent = exchange.hop?.sentURL, sent != request.url { response.url = sent }
    return response
  }

  /// A request of a script has ended: the script goes on.
  private func finished(_ exchange: Exchange, _ response: ScriptResponse) {
    let user = exchange.user
    exchange.finish()
    user.run.now = now
    perform(user.script.requestFinished(exchange.operation, response, checks: user), user)
  }

  /// The next hop when the response redirects and more hops are allowed.
  private func redirect(
    _ exchange: Exchange, _ transfer: Transfer, _ hop: ScriptRequest, _ row: inout RequestRow
  ) -> ScriptRequest? {
    let most = hop.redirectsMax ?? exchange.user.run.lease.http.redirectsMax
    guard row.error == .none, ScriptRequest.isRedirect(status: row.status), most > 0,
      let location = transfer.responseHead.location, !location.isEmpty
    else { return nil }
    guard exchange.redirects < most else {
      if hop.isOfCode {
        warnOfLastRedirect(exchange)
      } else {
        row.error = .tooManyRedirects
        row.success = false
      }
      return nil
    }
    exchange.redirects += 1
    return hop.redirected(to: location, status: Int(row.status))
  }

  /// As in k6 the last redirect is the answer, of which a script that set no bound is told.
  private func warnOfLastRedirect(_ exchange: Exchange) {
    let run = exchange.user.run
    guard exchange.request?.redirectsMax == nil,
      run.lease.http.redirectsMax == HTTPSettings().redirectsMax,
      let slot = (exchange.user.script as? CodeClient)?.slot
    else { return }
    run.log(
      slot: slot, level: .warning,
      "stopped after \(exchange.redirects) redirects and returned the last one: the parameter "
        + "redirects or the option maxRedirects sets another bound")
  }

  /// The hop that answers a server's challenge. As in k6 the challenge is a result of its own, and
  /// no failure.
  private func answer(
    _ transfer: Transfer, _ hop: ScriptRequest, _ row: inout RequestRow
  ) -> ScriptRequest? {
    guard let login = hop.login, login.scheme == .digest, row.error == .none, row.status == 401
    else { return nil }
    row.success = true
    guard let target = hop.target,
      let challenge = DigestChallenge(head: String(decoding: transfer.head, as: UTF8.self))
    else { return nil }
    return hop.with(
      authorization: challenge.answer(
        user: login.user, password: login.password, method: hop.method, uri: target.inRequest))
  }

  /// Cuts an exchange that is under way.
  func abort(_ exchange: Exchange) {
    defer { exchange.finish() }
    // One that waited for a lookup has sent nothing: there is no request to account for.
    guard !exchange.awaitsLookup, !exchange.isParked, let transfer = exchange.transfer,
      let hop = exchange.hop
    else { return }
    lookupEnded(hop, resolved: false)
    transfer.noteEnd(CURLE_OK)
    curl_multi_remove_handle(multi, transfer.pointer)
    transfer.finished(hop, succeeded: false)
    var row = newRow(exchange, hop)
    let isNewConnection = Self.measure(transfer, CURLE_OK, hop, &row)
    row.error = .aborted
    row.success = false
    row.connectionCloseMicros = Int32(clamping: (now - exchange.hopStartNanos) / 1_000)
    record(row, of: exchange.user)
    guard exchange.user.run.isTracing else { return }
    finishCapture(
      of: transfer, hop, row, isNewConnection: isNewConnection, in: exchange.user.run)
  }

  // MARK: rows

  private func newRow(_ exchange: Exchange, _ request: ScriptRequest) -> RequestRow {
    var row = RequestRow()
    let user = exchange.user
    let run = user.run
    row.startedAtMicros = run.micros(at: exchange.hopStartNanos)
    row.client = user.client
    row.iteration = UInt32(truncatingIfNeeded: user.iterationsFinished)
    let names = run.indices(of: request)
    row.resource = names.resource
    row.method = names.method
    row.connection = exchange.connection
    return row
  }

  private func record(_ row: RequestRow, of user: VirtualUser) {
    let run = user.run
    user.latestRequest = run.recorder.record(row, now: now)
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
    func number(_ info: CURLINFO) -> Int {
      var value = 0
      throng_get_long(handle, info, &value)
      return value
    }
    let connects = number(CURLINFO_NUM_CONNECTS)
    let connected = transfer.openMicros(of: micros(CURLINFO_CONNECT_TIME_T))
    // Also for what failed after it was sent: no connection was made for it, so it had one.
    // What was not repeated had one, too: the connection for the repetition was not used.
    let isRefused = transfer.refusal == .reset
    let reused =
      isRefused
      || connects == 0 && (code == CURLE_OK || number(CURLINFO_REQUEST_SIZE) > 0)
    let resolved = micros(CURLINFO_NAMELOOKUP_TIME_T)
    row.status = UInt16(clamping: number(CURLINFO_RESPONSE_CODE))
    row.error = ErrorReason(
      code: code,
      osError: transfer.socketError != 0
        ? Int(transfer.socketError) : number(CURLINFO_OS_ERRNO),
      at: ErrorReason.Progress(
        resolved: resolved > 0 || reused, connected: connected > 0 || reused,
        isSecure: !hop.isPlain, isShaken: micros(CURLINFO_APPCONNECT_TIME_T) > 0 || reused,
        hasHead: transfer.responseHead.isComplete),
      refusal: transfer.refusal ?? transfer.http2Reason)
    if code == CURLE_OK, row.error == .none, let missing = transfer.missingEnd {
      row.error = missing
    }
    row.success = row.error == .none && hop.accepts(status: Int(row.status))
    let secure = !hop.isPlain
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
    if row.error != .invalidRequest {
      row.connectionCloseMicros = micros(CURLINFO_TOTAL_TIME_T)
    }
    let first =
      hop.body == nil
      ? micros(CURLINFO_STARTTRANSFER_TIME_T)
      : min(Int32(clamping: transfer.firstByteMicros ?? 0), row.connectionCloseMicros)
    if row.status > 0, first > 0 { row.firstReceivedMicros = first }
    let head = number(CURLINFO_REQUEST_SIZE)
    let length = hop.body?.count ?? 0
    (row.bytesSent, row.bytesReceived) = bytes(transfer, hop, head: head)
    row.dataPacketsSent = head > 0 ? (length > 0 ? 2 : 1) : 0
    row.dataPacketsReceived = (row.status > 0 ? 1 : 0) + transfer.bodyChunks
    return connects > 0 && !isRefused
  }
}
