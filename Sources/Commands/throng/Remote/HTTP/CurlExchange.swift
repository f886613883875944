import CCurl
import Glibc
import Shared

/// One request under way, and what has come of its answer.
final class CurlExchange {
  let handle: UnsafeMutableRawPointer
  private let sink: (UnsafeRawBufferPointer) throws -> Void
  private let contentType: String
  private let errorText: UnsafeMutablePointer<CChar>
  private var headers: UnsafeMutablePointer<curl_slist>?
  /// Lent to libcurl while the exchange lasts.
  private var body: UnsafeMutableBufferPointer<UInt8>?
  private var heardAtNanos = Clock.monotonicNanos()
  /// The body of an answer that is an error, as far as anybody will read it.
  private(set) var problem: [UInt8] = []
  /// What the sink threw.
  private(set) var failure: (any Error)?

  private static let problemBytesMax = 1 << 20

  /// - Parameter contentType: what answers that are no errors must be, if they say what they are.
  init(
    contentType: String, _ sink: @escaping (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard let handle = curl_easy_init() else { throw RemoteError.failed("out of memory") }
    self.handle = handle
    self.sink = sink
    self.contentType = contentType
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    throng_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText)
    throng_set_data_callback(handle, CURLOPT_WRITEFUNCTION, receiveAnswer)
    throng_set_pointer(handle, CURLOPT_WRITEDATA, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit {
    curl_easy_cleanup(handle)
    curl_slist_free_all(headers)
    errorText.deallocate()
    body?.deallocate()
  }

  /// Sets method, headers and body.
  func set(_ request: RemoteRequest) {
    // No server here asks to be asked first; waiting for it would cost a second.
    var lines = request.headers + ["Expect:"]
    if let bytes = request.body {
      lines.append("Content-Type: application/json")
      let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, bytes.count))
      _ = copy.initialize(from: bytes)
      body = copy
      throng_set_long(handle, CURLOPT_POST, 1)
      throng_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
      throng_set_pointer(handle, CURLOPT_POSTFIELDS, copy.baseAddress)
    } else if request.method == "POST" {
      throng_set_long(handle, CURLOPT_POST, 1)
      throng_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, 0)
    }
    if request.method != "GET" { throng_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method) }
    for line in lines { headers = curl_slist_append(headers, line) }
    throng_set_list(handle, CURLOPT_HTTPHEADER, headers)
  }

  var status: Int {
    var status = 0
    throng_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    return status
  }

  /// Seconds since the last byte came.
  var idleSecs: Double { Double(Clock.monotonicNanos() - heardAtNanos) / 1e9 }

  /// Why it failed, in words.
  func reason(_ code: CURLcode) -> String {
    var number = 0
    throng_get_long(handle, CURLINFO_OS_ERRNO, &number)
    if code == CURLE_COULDNT_CONNECT, number != 0 {
      return String(cString: strerror(Int32(truncatingIfNeeded: number)))
    }
    let text = String(cString: errorText)
    return text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
  }

  private func checkContentType() throws {
    var text: UnsafeMutablePointer<CChar>?
    throng_get_string(handle, CURLINFO_CONTENT_TYPE, &text)
    guard let text else { return }
    let type = String(cString: text).prefix { $0 != ";" && $0 != " " }.lowercased()
    guard type != contentType else { return }
    throw RemoteError.failed(
      "the server answered, but not as a coordinator does (\(TextWidth.harmless(type)), "
        + "not \(contentType))")
  }

  /// False ends the exchange.
  fileprivate func received(_ bytes: UnsafeRawBufferPointer) -> Bool {
    heardAtNanos = Clock.monotonicNanos()
    if status >= 400 {
      problem.append(contentsOf: bytes.prefix(Self.problemBytesMax - problem.count))
      return true
    }
    do {
      try checkContentType()
      try sink(bytes)
      return true
    } catch {
      failure = error
      return false
    }
  }
}

private func receiveAnswer(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let context else { return 0 }
  let exchange = Unmanaged<CurlExchange>.fromOpaque(context).takeUnretainedValue()
  let buffer = UnsafeRawBufferPointer(start: bytes, count: size * count)
  // A number other than all of it makes libcurl end the transfer.
  return exchange.received(buffer) ? size * count : 0
}
