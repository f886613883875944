import Shared

/// Request and response of an entry: what a trace shows, and without one what the result knows.
extension HAREntry {
  /// What stands for a version that is not known, as browsers write it.
  private static let unknown = "unknown"

  func writeRequest(to json: inout JSONWriter) {
    let message = exchange?.request
    json.beginObject()
    json.member("method", method)
    json.member("url", url)
    json.member("httpVersion", message?.version ?? Self.unknown)
    json.key("cookies")
    json.array(
      (message?.headers ?? []).filter { $0.name.lowercased() == "cookie" }
        .flatMap { HARCookie.sent($0.value) }
    ) { $1.write(to: &$0) }
    json.key("headers")
    json.pairs(message?.headers ?? [])
    json.key("queryString")
    json.pairs(HARURL.parameters(url))
    if let message, message.length > 0 {
      json.key("postData")
      writePostData(message, to: &json)
    }
    json.member("headersSize", requestHeadBytes)
    json.member("bodySize", message?.length ?? -1)
    json.endObject()
  }

  /// Text and parameters exclude each other: the text says everything.
  private func writePostData(_ message: HARExchange.Message, to json: inout JSONWriter) {
    let type = message.header("content-type")
    let body = HARText(message.body, type: type, isCut: message.isCut)
    json.beginObject()
    json.member("mimeType", type ?? "")
    json.key("params")
    json.pairs([])
    json.member("text", body.text)
    if body.isBase64 { json.member("_encoding", "base64") }
    writeCut(message, to: &json)
    json.endObject()
  }

  func writeResponse(to json: inout JSONWriter) {
    let message = exchange?.response
    let receivedMs = row.startedAtMicros.plus(Int64(max(0, row.firstReceivedMicros))) / 1_000
    let headers = message?.headers ?? []
    json.beginObject()
    json.member("status", Int64(row.status))
    json.member("statusText", statusText)
    json.member("httpVersion", message?.version ?? Self.unknown)
    json.key("cookies")
    json.array(headers.filter { $0.name.lowercased() == "set-cookie" }) { json, header in
      HARCookie(set: header.value, atMs: receivedMs).write(to: &json)
    }
    json.key("headers")
    json.pairs(headers)
    json.key("content")
    writeContent(message, to: &json)
    json.member("redirectURL", message?.header("location") ?? "")
    json.member("headersSize", responseHeadBytes)
    json.member("bodySize", responseBodyBytes)
    json.member("_transferSize", row.bytesReceived)
    if row.error != .none { json.member("_error", row.error.name) }
    json.endObject()
  }

  private func writeContent(_ message: HARExchange.Message?, to json: inout JSONWriter) {
    let type = contentType ?? message?.header("content-type")
    json.beginObject()
    // Without a trace it is not known how much of what came was content, unless nothing came.
    let size = message?.length ?? (row.status == 0 ? 0 : -1)
    json.member("size", size)
    if let message, message.header("content-encoding") != nil, responseBodyBytes >= 0 {
      json.member("compression", size.minus(responseBodyBytes))
    }
    json.member("mimeType", type ?? "x-unknown")
    if let message, !message.body.isEmpty {
      let body = HARText(message.body, type: type, isCut: message.isCut)
      json.member("text", body.text)
      if body.isBase64 { json.member("encoding", "base64") }
    }
    if let message { writeCut(message, to: &json) }
    json.endObject()
  }

  private func writeCut(_ message: HARExchange.Message, to json: inout JSONWriter) {
    guard message.body.count < message.length else { return }
    json.member("comment", "the first \(message.body.count) of \(message.length) bytes")
  }

  /// The words after the status; HTTP/2 has none.
  private var statusText: String {
    let words = exchange?.response?.startLine.split(
      separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard let words, words.count > 2 else { return "" }
    return String(words[2])
  }

  // MARK: sizes

  /// Bytes of the head of the request. Known are those of head and body together; where more than
  /// one was sent, or the head is packed, they do not say it.
  private var requestHeadBytes: Int64 {
    guard let message = exchange?.request, exchange?.requestCount == 1, isHTTP1(message) else {
      return -1
    }
    let bytes = row.bytesSent.minus(message.length)
    return bytes > 0 ? bytes : -1
  }

  private var responseHeadBytes: Int64 {
    guard let message = exchange?.response, exchange?.responseCount == 1, isHTTP1(message),
      responseBodyBytes >= 0
    else { return -1 }
    let bytes = row.bytesReceived.minus(responseBodyBytes)
    return bytes > 0 ? bytes : -1
  }

  /// Bytes of the body as it came: packed when the response says so.
  private var responseBodyBytes: Int64 {
    guard let message = exchange?.response else { return -1 }
    let encoding = message.header("content-encoding")?.lowercased() ?? "identity"
    if encoding == "identity" || message.length == 0 { return message.length }
    guard let length = message.header("content-length").flatMap({ Int64($0) }),
      length >= 0, length <= row.bytesReceived
    else { return -1 }
    return length
  }

  private func isHTTP1(_ message: HARExchange.Message) -> Bool {
    message.version?.hasPrefix("HTTP/1.") ?? false
  }
}

extension JSONWriter {
  /// A list of objects with `name` and `value`.
  fileprivate mutating func pairs(_ pairs: [(name: String, value: String)]) {
    array(pairs) { json, pair in
      json.beginObject()
      json.member("name", pair.name)
      json.member("value", pair.value)
      json.endObject()
    }
  }
}
