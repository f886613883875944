import CCurl
import Shared

/// From captured exchanges to traces.
extension EngineThread {
  /// Has an exchange captured if it is one of those that may become a trace.
  func capture(_ request: ScriptRequest, on transfer: Transfer, of run: EngineRun) {
    guard let ticket = run.sampler.begins(request, atMicros: run.micros(at: now)) else { return }
    transfer.beginCapture(TraceCapture(ticket, reach: run.masker.reach))
  }

  /// An exchange that was to be captured could not even be begun.
  func giveUpCapture(on transfer: Transfer, of run: EngineRun) {
    guard let capture = transfer.capture else { return }
    run.sampler.gaveUp(capture.ticket)
    transfer.endCapture()
  }

  /// An exchange has ended while requests of its run are sampled.
  ///
  /// - Parameter isNewConnection: whether a connection was opened for it.
  func finishCapture(
    of transfer: Transfer, _ hop: ScriptRequest, _ row: RequestRow, isNewConnection: Bool,
    in run: EngineRun
  ) {
    guard let capture = transfer.capture else {
      if !row.success { run.sampler.failedUnseen(hop, atMicros: run.micros(at: now)) }
      return
    }
    run.keepHeldTrace(now: now, isEnd: false)
    let verdict = run.sampler.ended(capture.ticket, row, atMicros: run.micros(at: now))
    if verdict != .discard,
      let trace = trace(of: transfer, capture, hop, row, isNewConnection: isNewConnection, in: run)
    {
      run.keep(trace, verdict, now: now)
    }
    transfer.endCapture()
  }

  /// Nil when it would be too long whatever is left out.
  private func trace(
    of transfer: Transfer, _ capture: TraceCapture, _ hop: ScriptRequest, _ row: RequestRow,
    isNewConnection: Bool, in run: EngineRun
  ) -> TraceRow? {
    let packets = TracePackets(
      row: row, messages: capture.messages, isNewConnection: isNewConnection,
      address: transfer.peerAddress,
      failure: row.error == .none ? "" : String(cString: capture.errorText), masker: run.masker,
      micros: run.micros(at:))
    guard let text = packets.text() else { return nil }
    var contentType: UnsafeMutablePointer<CChar>?
    throng_get_string(transfer.pointer, CURLINFO_CONTENT_TYPE, &contentType)
    return TraceRow(
      request: row, resource: run.resourceName(of: hop), method: hop.method,
      contentType: contentType.map { run.masker.masked(String(cString: $0)) },
      url: run.masker.masked(hop.sentURL.withoutCredentials), length: Int64(transfer.bodyBytes),
      packets: text)
  }
}

extension EngineRun {
  fileprivate func keep(_ trace: TraceRow, _ verdict: TraceSampler.Verdict, now: Int64) {
    switch verdict {
    case .discard: break
    case .keep(let isSlowest):
      if isSlowest { heldTrace = nil }
      // One that is too long for a line of the link is left out.
      _ = recorder.trace(trace, now: now)
    case .hold(let untilMicros): heldTrace = (trace, untilMicros)
    }
  }

  /// Keeps the slowest exchange of an interval that is over.
  ///
  /// - Parameter isEnd: whether the run is over, and with it the interval.
  func keepHeldTrace(now: Int64, isEnd: Bool) {
    guard let held = heldTrace, isEnd || held.untilMicros <= micros(at: now) else { return }
    heldTrace = nil
    _ = recorder.trace(held.trace, now: now)
  }
}
