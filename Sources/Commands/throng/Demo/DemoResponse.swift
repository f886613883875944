/// What the demo target answers, and how long it pretends to work first.
struct DemoResponse: Equatable {
  var status: Int
  var contentType: String
  var body: String
  /// Milliseconds before the answer is sent.
  var delayMs: Int = 0

  /// The answer to `request`; `random` gives the latency its spread.
  static func answer(
    to request: DemoRequest, random: inout some RandomNumberGenerator
  ) -> DemoResponse {
    switch request.path {
    case "/":
      return DemoResponse(
        status: 200, contentType: "text/html", body: page, delayMs: latency(&random, base: 2))
    case "/json":
      let price = Int.random(in: 9_000...11_000, using: &random)
      return DemoResponse(
        status: 200, contentType: "application/json",
        body: "{\"symbol\":\"THRG\",\"price\":\(price / 100).\(price % 100 / 10)}\n",
        delayMs: latency(&random, base: 4))
    case "/slow":
      return slow(request.query)
    default:
      if request.path.hasPrefix("/status/"), let status = Int(request.path.dropFirst(8)),
        (200...599).contains(status)
      {
        return plain(status)
      }
      return plain(404)
    }
  }

  /// Mostly a few milliseconds, now and then much longer: what real services look like.
  private static func latency(_ random: inout some RandomNumberGenerator, base: Int) -> Int {
    let slowOnes = Int.random(in: 0..<50, using: &random) == 0
    return base + Int.random(in: slowOnes ? 20...60 : 0...6, using: &random)
  }

  private static func slow(_ query: String) -> DemoResponse {
    guard query.hasPrefix("ms=") else {
      return DemoResponse(
        status: 200, contentType: "text/plain", body: "slow\n", delayMs: 1_000)
    }
    guard let delay = Int(query.dropFirst(3)), (0...60_000).contains(delay) else {
      return plain(400)
    }
    return DemoResponse(status: 200, contentType: "text/plain", body: "slow\n", delayMs: delay)
  }

  private static func plain(_ status: Int) -> DemoResponse {
    DemoResponse(status: status, contentType: "text/plain", body: "status \(status)\n")
  }

  private static let page = """
    <!doctype html><title>Throng demo target</title>
    <h1>It works</h1>
    <p>Try <a href="/json">/json</a>, <a href="/slow?ms=250">/slow?ms=250</a>
    or <a href="/status/503">/status/503</a>.</p>

    """

  /// The bytes on the wire.
  func encoded(head: Bool, keepAlive: Bool) -> [UInt8] {
    // These statuses have no body, and no length of one (RFC 9110, 8.6).
    let bodiless = status == 204 || status == 304
    var text = "HTTP/1.1 \(status) \(status < 400 ? "OK" : "Error")\r\nServer: throng-demo\r\n"
    if !bodiless {
      text += "Content-Type: \(contentType)\r\nContent-Length: \(body.utf8.count)\r\n"
    }
    if !keepAlive { text += "Connection: close\r\n" }
    text += "\r\n"
    if !bodiless && !head { text += body }
    return Array(text.utf8)
  }
}
