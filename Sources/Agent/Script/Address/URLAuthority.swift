/// Where user, host and port are in the authority of a URL (RFC 3986 3.2). Pure.
struct URLAuthority: Equatable, Sendable {
  /// Without the `@`; nil without one.
  private(set) var user: Range<Int>?
  /// An IPv6 address with its brackets.
  let host: Range<Int>
  /// Its digits; nil without a colon.
  private(set) var port: Range<Int>?

  init(_ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>) throws(RequestProblem) {
    var start = range.lowerBound
    // A URL that browsers read one way and servers another.
    if bytes[range].contains(UInt8(ascii: "\\")) {
      throw .invalidURL("its host has a backslash in it")
    }
    if let at = bytes[range].lastIndex(of: UInt8(ascii: "@")) {
      user = range.lowerBound..<at
      start = at + 1
    }
    let rest = start..<range.upperBound
    var end = bytes[rest].firstIndex(of: UInt8(ascii: ":")) ?? rest.upperBound
    if start < rest.upperBound, bytes[start] == UInt8(ascii: "[") {
      guard let bracket = bytes[rest].firstIndex(of: UInt8(ascii: "]")) else {
        throw .invalidURL("its address has no closing bracket")
      }
      end = bracket + 1
      guard end == rest.upperBound || bytes[end] == UInt8(ascii: ":") else {
        throw .invalidURL("its address is followed by something that is no port")
      }
    }
    host = start..<end
    guard !host.isEmpty else { throw RequestProblem("the URL names no host") }
    if end < rest.upperBound { port = end + 1..<rest.upperBound }
  }

  /// The port's number; nil when there is none.
  func portNumber(_ bytes: UnsafeBufferPointer<UInt8>) throws(RequestProblem) -> Int? {
    guard let port, !port.isEmpty else { return nil }
    var number = 0
    for byte in bytes[port] {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
        throw .invalidURL("its port is no number")
      }
      number = number * 10 + Int(byte - UInt8(ascii: "0"))
      guard number <= Int(UInt16.max) else {
        throw RequestProblem("the URL's port is greater than \(UInt16.max)")
      }
    }
    return number
  }
}
