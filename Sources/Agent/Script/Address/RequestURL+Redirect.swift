/// Where a redirect leads to (RFC 3986, 5.2).
extension RequestURL {
  private static let slash = UInt8(ascii: "/")

  /// The URL that `location`, which may be relative, means in a response to a request of this one.
  ///
  /// - Throws: why nothing can be requested there.
  func redirected(to location: String) throws(RequestProblem) -> RequestURL {
    var location = location
    let target = location.withUTF8 { bytes in resolved(bytes) }
    return try RequestURL(bytes: target)
  }

  /// Whether a reference names a scheme and so stands for itself.
  static func isAbsolute(_ reference: String) -> Bool {
    var reference = reference
    return reference.withUTF8 { URLParts($0).scheme != nil }
  }

  /// What `Referer` says of it: neither user nor fragment (RFC 9110 10.1.3).
  var referrer: String {
    let own = Array(text.utf8)
    guard let authority = parts.authority else { return text }
    let at = own[authority].lastIndex(of: UInt8(ascii: "@")) ?? authority.lowerBound - 1
    let end = parts.fragment.map { $0.lowerBound - 1 } ?? own.count
    return String(
      decoding: own[..<authority.lowerBound] + own[(at + 1)..<end], as: UTF8.self)
  }

  private func resolved(_ bytes: Bytes) -> [UInt8] {
    let reference = URLParts(bytes)
    let own = Array(text.utf8)
    var target: [UInt8] = []
    if reference.scheme != nil || reference.authority != nil {
      if reference.scheme == nil {
        target += own[..<(parts.authority?.lowerBound ?? 0)].dropLast(2)
      }
      target += bytes[..<reference.path.lowerBound]
      target += Self.withoutDots(bytes[reference.path])
    } else {
      target += own[..<parts.path.lowerBound]
      if reference.path.isEmpty {
        target += own[parts.path]
        if reference.query == nil, let query = parts.query {
          target.append(UInt8(ascii: "?"))
          target += own[query]
        }
      } else if bytes[reference.path.lowerBound] == Self.slash {
        target += Self.withoutDots(bytes[reference.path])
      } else {
        let folder = path.prefix(through: path.lastIndex(of: Self.slash) ?? 0)
        target += Self.withoutDots(folder + bytes[reference.path])
      }
    }
    target += bytes[reference.path.upperBound...]
    return target
  }

  /// The path without its `.` and `..` (RFC 3986 5.2.4).
  private static func withoutDots(_ path: some Collection<UInt8>) -> [UInt8] {
    guard path.first == slash else { return Array(path) }
    var kept: [[UInt8]] = []
    let segments = path.dropFirst().split(separator: slash, omittingEmptySubsequences: false)
    for (index, segment) in segments.enumerated() {
      let isDot = segment.elementsEqual(".".utf8)
      let isUp = segment.elementsEqual("..".utf8)
      if isUp { _ = kept.popLast() }
      if !isDot, !isUp {
        kept.append(Array(segment))
      } else if index == segments.count - 1 {
        kept.append([])
      }
    }
    return [slash] + kept.joined(separator: [slash])
  }
}
