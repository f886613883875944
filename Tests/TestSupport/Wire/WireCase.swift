/// One case of the conformance corpus of HTTP: what a client asks for, what a server does to it,
/// byte by byte, and what must be said of it. `Tests/Fixtures/http/README.md` has the grammar.
public struct WireCase: Sendable {
  /// What the server does, one after the other.
  public enum Step: Sendable, Equatable {
    /// These bytes, so often.
    case send([UInt8], times: Int)
    /// These bytes again and again, until the client has closed the connection.
    case forever([UInt8])
    /// Lets the client take in what has been sent before the rest comes.
    case pause
    case close
    case reset
    /// Ends the stream and goes on reading.
    case finish
    /// HTTP/2: the frame of a type, flags, a stream and a payload, so often.
    case frame(WireFrame, times: Int)
    /// HTTP/2: reads on until a frame of this type has come.
    case await(UInt8)
  }

  /// One answer: to the request of a number, from 1, over all connections; or to any other.
  public struct Answer: Sendable {
    public var request: Int?
    /// Whether it begins before the body of the request has been read.
    public var isEarly = false
    public var steps: [Step] = []
  }

  /// What must be said of one request.
  public struct Outcome: Sendable, Equatable {
    /// Name of an `errorReason`; `none` for a response.
    public var error = "none"
    public var status: Int?
    public var body: [UInt8]?
    public var length: Int?
    /// Values of each header, several joined by `|`; nil for one that there must not be.
    public var headers: [String: String?] = [:]
    /// How many headers there are.
    public var headerCount: Int?
  }

  public var name = ""
  public var isHTTP2 = false
  public var method = "GET"
  public var path = "/"
  public var headers: [(name: String, value: String)] = []
  public var body: [UInt8]?
  public var timeoutMs = 3_000
  /// What is sent on a new connection before anything has been asked.
  public var greeting: [Step] = []
  public var answers: [Answer] = []
  /// One for each request, which follow one another.
  public var expected: [Outcome] = []
  /// Why the engine of today cannot do it, and what it does instead.
  public var known: String?
  public var today: [Outcome] = []
  /// Whether that depends on when bytes come in.
  public var varies = false
  public var connections: Int?
  public var seen: Int?
  /// Whether bytes that are counted must be those that the server's sockets took and gave.
  public var countsBytes = true

  /// What the engine of today must do.
  public var present: [Outcome] { known == nil ? expected : today }

  static func repeated(_ bytes: [UInt8], _ times: Int) -> [UInt8] {
    var all: [UInt8] = []
    all.reserveCapacity(bytes.count * times)
    for _ in 0..<times { all += bytes }
    return all
  }

  public func answer(to request: Int) -> Answer {
    answers.first { $0.request == request } ?? answers.first { $0.request == nil } ?? Answer()
  }
}

/// A frame of HTTP/2 (RFC 9113 4.1).
public struct WireFrame: Sendable, Equatable {
  /// A stream, or one so far from that of the request which is answered.
  public enum Stream: Sendable, Equatable {
    case number(Int)
    case ofRequest(plus: Int)
  }

  public var type: UInt8
  public var flags: UInt8
  public var stream: Stream
  public var payload: [UInt8]
  /// What the head says of the payload's length, when that is not true.
  public var claimedLength: Int?
  /// Whether the payload's first four bytes are the number of a stream, to be replaced by one so
  /// far from that of the request.
  public var lastStreamPlus: Int?

  public init(type: UInt8, flags: UInt8 = 0, stream: Stream, payload: [UInt8] = []) {
    self.type = type
    self.flags = flags
    self.stream = stream
    self.payload = payload
  }

  public func bytes(request: Int) -> [UInt8] {
    var payload = payload
    if let plus = lastStreamPlus { payload.replaceSubrange(0..<4, with: Self.word(request + plus)) }
    let number =
      switch stream {
      case .number(let number): number
      case .ofRequest(let plus): request + plus
      }
    let length = claimedLength ?? payload.count
    var bytes = Array(Self.word(length)[1...])
    bytes += [type, flags]
    bytes += Self.word(number)
    return bytes + payload
  }

  static func word(_ number: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
  }

  /// A field block of literals that are not indexed and not compressed (RFC 7541 6.2.2).
  static func block(_ fields: [(name: String, value: [UInt8])]) -> [UInt8] {
    var block: [UInt8] = []
    for field in fields {
      block.append(0)
      block += length(field.name.utf8.count)
      block += Array(field.name.utf8)
      block += length(field.value.count)
      block += field.value
    }
    return block
  }

  /// An integer with a prefix of seven bits (RFC 7541 5.1).
  private static func length(_ count: Int) -> [UInt8] {
    guard count >= 127 else { return [UInt8(count)] }
    var (rest, bytes) = (count - 127, [UInt8(127)])
    while rest >= 128 {
      bytes.append(UInt8(rest & 127 | 128))
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}
