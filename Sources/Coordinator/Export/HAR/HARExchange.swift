import Foundation
import Shared

/// A request and its response as the packets of a trace show them.
struct HARExchange {
  /// One of the two.
  struct Message {
    var startLine: String
    var headers: [(name: String, value: String)]
    /// The body, or the beginning of it.
    var body: [UInt8] = []
    /// Bytes of the body without transfer and content coding.
    var length: Int64 = 0
    /// Whether headers or body are not whole.
    var isCut = false

    func header(_ name: String) -> String? {
      headers.first { $0.name.lowercased() == name }?.value
    }

    /// Protocol and version as it stands in the start line.
    var version: String? {
      startLine.split(separator: " ").first { $0.hasPrefix("HTTP/") }.map(String.init)
    }
  }

  /// The last request that was sent: libcurl tries again over a dead connection.
  private(set) var request: Message?
  /// The last response; those before it are interim.
  private(set) var response: Message?
  private(set) var requestCount = 0
  private(set) var responseCount = 0
  /// Address and port of the peer, when a connection was opened to it.
  private(set) var address: String?
  /// What went wrong.
  private(set) var failure: String?
  private(set) var packets: [JSONObject] = []

  /// - Parameter text: the packets as they are stored; what is no packet is left out.
  init(packets text: [UInt8]) {
    let elements = (try? JSONValue.parse(text))?.arrayValue ?? []
    packets = elements.compactMap(\.objectValue)
    for packet in packets {
      switch packet["packetType"]?.stringValue {
      case "ConnectionOpened": address = packet["address"]?.stringValue ?? address
      case "DataSent":
        if Self.add(packet, to: &request) { requestCount += 1 }
      case "DataReceived":
        if Self.add(packet, to: &response) { responseCount += 1 }
      case "ConnectionClosed":
        let data = Self.data(packet)
        if !data.isEmpty { failure = String(decoding: data, as: UTF8.self) }
      default: break
      }
    }
  }

  /// Begins a message or goes on with it; whether it was begun.
  private static func add(_ packet: JSONObject, to message: inout Message?) -> Bool {
    let startLine = packet["startLine"]?.stringValue
    if let startLine {
      message = Message(startLine: startLine, headers: headers(packet))
    }
    message?.body += data(packet)
    if case .int(let length)? = packet["length"] {
      let before = message?.length ?? 0
      message?.length = before &+ max(0, length)
    }
    if packet["cut"] == .bool(true) { message?.isCut = true }
    return startLine != nil
  }

  private static func data(_ packet: JSONObject) -> [UInt8] {
    packet["data"]?.stringValue.flatMap { Data(base64Encoded: $0) }.map { Array($0) } ?? []
  }

  /// Headers of one name are joined in a packet. Cookies are not a list with commas, so that these
  /// come apart again.
  private static func headers(_ packet: JSONObject) -> [(name: String, value: String)] {
    guard let text = packet["headers"]?.stringValue,
      let object = (try? JSONValue.parse(text: text))?.objectValue
    else { return [] }
    return object.members.flatMap { name, value -> [(name: String, value: String)] in
      let value = value.stringValue ?? ""
      let values = name.lowercased() == "set-cookie" ? HARCookie.split(value) : [value]
      return values.map { (name: name, value: $0) }
    }
  }
}
