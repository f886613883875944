import COpenSSL
import Shared

/// What a server demands of who logs in by Digest (RFC 7616), and the answer.
struct DigestChallenge: Equatable {
  enum Hash { case md5, sha256 }

  var realm = ""
  var nonce = ""
  var opaque: String?
  /// As the server wrote it; nil when it did not.
  var algorithm: String?
  var hash = Hash.md5
  /// Whether the answer's key is bound to this session.
  var isSession = false
  /// Whether the answer protects more than the password: `qop`, as all but the oldest servers
  /// have it.
  var hasQuality = false

  /// - Parameter head: status line and headers as they came.
  /// - Returns: nil without a challenge that can be answered.
  init?(head: String) {
    for line in head.split(whereSeparator: \.isNewline) {
      guard let colon = line.firstIndex(of: ":"),
        line[..<colon].lowercased() == "www-authenticate"
      else { continue }
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      guard value.prefix(7).lowercased() == "digest " else { continue }
      if let found = DigestChallenge(parameters: Self.parameters(value.dropFirst(7))) {
        self = found
        return
      }
    }
    return nil
  }

  private init?(parameters: [String: String]) {
    guard let nonce = parameters["nonce"] else { return nil }
    self.nonce = nonce
    realm = parameters["realm"] ?? ""
    opaque = parameters["opaque"]
    algorithm = parameters["algorithm"]
    switch (algorithm ?? "MD5").uppercased() {
    case "MD5": break
    case "MD5-SESS": isSession = true
    case "SHA-256": hash = .sha256
    case "SHA-256-SESS": (hash, isSession) = (.sha256, true)
    default: return nil
    }
    guard let qualities = parameters["qop"] else { return }
    hasQuality = qualities.split(separator: ",").contains {
      $0.filter { $0 != " " }.lowercased() == "auth"
    }
    guard hasQuality else { return nil }
  }

  /// `name=value` and `name="value"`, joined by commas; names in lower case.
  private static func parameters(_ text: Substring) -> [String: String] {
    var found: [String: String] = [:]
    var rest = text[...]
    while let equals = rest.firstIndex(of: "=") {
      let name = rest[..<equals].filter { $0 != " " && $0 != "," && $0 != "\t" }.lowercased()
      rest = rest[rest.index(after: equals)...].drop { $0 == " " }
      var value = ""
      if rest.first == "\"" {
        rest = rest.dropFirst()
        while let character = rest.popFirst(), character != "\"" {
          // What follows a backslash stands for itself.
          value.append(character == "\\" ? rest.popFirst() ?? "\\" : character)
        }
      } else {
        value = String(rest.prefix { $0 != "," && $0 != " " })
        rest = rest.dropFirst(value.count)
      }
      if found[name] == nil { found[name] = value }
    }
    return found
  }

  /// The value of `Authorization`.
  ///
  /// - Parameters:
  ///   - uri: path and query as they are sent.
  ///   - cnonce: the client's own random text.
  func answer(
    user: String, password: String, method: String, uri: String,
    cnonce: String = String(UInt64.random(in: .min ... .max), radix: 16)
  ) -> String {
    let count = "00000001"
    var key = digest("\(user):\(realm):\(password)")
    if isSession { key = digest("\(key):\(nonce):\(cnonce)") }
    let quality = hasQuality ? "\(count):\(cnonce):auth:" : ""
    let response = digest("\(key):\(nonce):\(quality)\(digest("\(method):\(uri)"))")
    var parts = [
      "username=\(Self.quoted(user))", "realm=\(Self.quoted(realm))",
      "nonce=\(Self.quoted(nonce))", "uri=\(Self.quoted(uri))", "response=\"\(response)\"",
    ]
    if let algorithm { parts.append("algorithm=\(algorithm)") }
    if hasQuality { parts += ["qop=auth", "nc=\(count)", "cnonce=\"\(cnonce)\""] }
    if let opaque { parts.append("opaque=\(Self.quoted(opaque))") }
    return "Digest " + parts.joined(separator: ", ")
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }
    return "\"\(String(escaped))\""
  }

  private func digest(_ text: String) -> String {
    var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    let input = Array(text.utf8)
    EVP_Digest(input, input.count, &bytes, &count, hash == .md5 ? EVP_md5() : EVP_sha256(), nil)
    let digits = Array("0123456789abcdef")
    return String(
      bytes.prefix(Int(count)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
