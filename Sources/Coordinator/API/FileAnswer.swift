import Shared

/// A content on the disk as it is answered: whole or a range of it, saved or shown.
struct FileAnswer {
  enum Disposition: String {
    case attachment, inline
  }

  var path: String
  var name: String
  /// Without parameters, as it was given.
  var type: String
  /// Empty for what has none.
  var charset: String
  /// Bytes.
  var size: Int64
  /// Changes with the content (RFC 9110, 8.8.3), in its quotes.
  var tag: String

  func response(to request: HTTPRequest, _ disposition: Disposition) throws -> HTTPResponse {
    if request.hasCopy(of: tag) { return .notModified(tag, length: size) }
    var headers = [
      (name: "Content-Type", value: headerType),
      (name: "Content-Disposition", value: Self.disposition(disposition, name)),
      (name: "Accept-Ranges", value: "bytes"), (name: "ETag", value: tag),
      // Whatever a script wrote: it must not run as a page of this server.
      (name: "X-Content-Type-Options", value: "nosniff"),
      (name: "Content-Security-Policy", value: "sandbox; default-src 'none'"),
    ]
    var status = 200
    var part: Range<Int64> = 0..<size
    switch ByteRange(request, tag: tag).chosen(of: size) {
    case .all: break
    case .part(let range):
      (status, part) = (206, range)
      headers.append(
        (
          name: "Content-Range",
          value: "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
        ))
    case .nothing:
      var response = Problem(.rangeNotSatisfiable, "there are only \(size) bytes").response
      response.headers.append((name: "Content-Range", value: "bytes */\(size)"))
      return response
    }
    let reader = try OutputFileReader(path: path, part)
    let stream = BodyStream(length: UInt64(part.count)) { try reader.next() }
    return HTTPResponse(status: status, headers: headers, body: .stream(stream))
  }

  /// A media type that is safe to put into a header.
  private var headerType: String {
    let sides = type.split(separator: "/", omittingEmptySubsequences: false)
    let isPlain =
      sides.count == 2 && sides.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(Self.isToken) }
    guard isPlain else { return "application/octet-stream" }
    return MediaType.isCharset(charset) ? "\(type); charset=\(charset)" : type
  }

  private static let tokenMarks = "!#$&-^_.+"

  private static func isToken(_ byte: UInt8) -> Bool {
    byte.isASCIIAlphanumeric || tokenMarks.utf8.contains(byte)
  }

  /// The name twice (RFC 6266): for old readers in ASCII, for others in UTF-8.
  static func disposition(_ kind: Disposition, _ name: String) -> String {
    var plain = ""
    for scalar in name.unicodeScalars {
      let isSafe = scalar.isASCII && scalar != "\"" && scalar != "\\" && scalar.value >= 0x20
      plain.unicodeScalars.append(isSafe ? scalar : "_")
    }
    let encoded = PercentCoding.encode(name, keeping: tokenMarks)
    return "\(kind.rawValue); filename=\"\(plain)\"; filename*=UTF-8''\(encoded)"
  }
}

extension HTTPRequest {
  /// Whether the client says that it has what `tag` stands for (RFC 9110, 13.1.2).
  func hasCopy(of tag: String) -> Bool {
    guard let header = header("If-None-Match") else { return false }
    return header.split(separator: ",").contains { part in
      let candidate = part.filter { $0 != " " && $0 != "\t" }
      return candidate == tag || candidate == "*" || candidate == "W/\(tag)"
    }
  }
}

extension HTTPResponse {
  /// - Parameter length: bytes of the whole answer, nil when they are not known. A length of 0
  ///   would be one of the content (RFC 9110, 8.6).
  static func notModified(_ tag: String, length: Int64? = nil) -> HTTPResponse {
    HTTPResponse(
      status: 304, headers: [(name: "ETag", value: tag)],
      body: .stream(BodyStream(length: length.map { UInt64($0) }) { nil }))
  }
}
