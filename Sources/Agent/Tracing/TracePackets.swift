import Foundation
import Shared

/// The packets of a trace as JSON, in the form that `TraceRow` describes, with these members more:
/// `startLine` of a request or response, `address` of the peer that a connection was opened to,
/// `cut` where headers or data are not whole. `length` counts the bytes of a body, `dataLength`
/// those that `data` has of it. The data of `ConnectionClosed` says what went wrong. Pure.
struct TracePackets {
  var row: RequestRow
  var messages: [TraceCapture.Message]
  /// Whether a connection was opened for it.
  var isNewConnection: Bool
  /// Address and port of the peer; empty when there was none.
  var address: String
  /// What libcurl said of a failure; empty when there was none.
  var failure: String
  var masker: SecretMasker
  /// From the monotonic clock, nanoseconds, to the coordinator's, microseconds.
  var micros: (Int64) -> Int64

  private struct Packet {
    var type: String
    var firstMicros: Int64
    var lastMicros: Int64
    var message: TraceCapture.Message?
  }

  /// The JSON text; with less of the bodies when it would be longer than `Limits.traceBytesMax`,
  /// nil when it is too long without them.
  func text() -> String? {
    let packets = packets()
    for bodyBytesMax in [Limits.packetBodyBytesMax, Limits.packetBodyBytesMax / 8, 0] {
      var json = JSONWriter()
      json.beginArray()
      for packet in packets { write(packet, bodyBytesMax, to: &json) }
      json.endArray()
      guard json.bytes.count > Limits.traceBytesMax else {
        return String(decoding: json.bytes, as: UTF8.self)
      }
    }
    return nil
  }

  private func packets() -> [Packet] {
    var packets: [Packet] = []
    func add(_ type: String, after micros: Int32) {
      let at = row.startedAtMicros + Int64(micros)
      packets.append(Packet(type: type, firstMicros: at, lastMicros: at))
    }
    if row.dnsLookupMicros > 0 || isNewConnection { add("DnsLookup", after: row.dnsLookupMicros) }
    if row.connectionOpenMicros > 0 { add("ConnectionOpened", after: row.connectionOpenMicros) }
    if row.tlsHandshakeMicros > 0 { add("TlsHandshake", after: row.tlsHandshakeMicros) }
    for message in messages {
      packets.append(
        Packet(
          type: message.isSent ? "DataSent" : "DataReceived",
          firstMicros: micros(message.firstNanos), lastMicros: micros(message.lastNanos),
          message: message))
    }
    // A request that found its old connection dead was sent before the new one was opened.
    let order = packets.indices.sorted {
      (packets[$0].firstMicros, $0) < (packets[$1].firstMicros, $1)
    }
    // libcurl's clock for an exchange starts a little later than ours: the end stays the end.
    let latest = messages.map { micros($0.lastNanos) }.max() ?? 0
    let end = max(row.startedAtMicros + Int64(max(0, row.connectionCloseMicros)), latest)
    return order.map { packets[$0] }
      + [Packet(type: "ConnectionClosed", firstMicros: end, lastMicros: end)]
  }

  private func write(_ packet: Packet, _ bodyBytesMax: Int, to json: inout JSONWriter) {
    json.beginObject()
    json.member("packetType", packet.type)
    var data: [UInt8] = []
    var length: Int64 = 0
    if let message = packet.message {
      let isCut = writeHead(message, to: &json)
      data = masker.masked(message.body, end: bodyBytesMax)
      length = message.bodyBytes
      if isCut || length > Int64(bodyBytesMax) {
        json.key("cut")
        json.bool(true)
      }
    } else if packet.type == "ConnectionOpened", !address.isEmpty {
      json.member("address", address)
    } else if packet.type == "ConnectionClosed", !failure.isEmpty {
      data = Array(masker.masked(failure).utf8)
      length = Int64(data.count)
    }
    json.key("length")
    json.int(length)
    json.key("dataLength")
    json.int(Int64(data.count))
    if !data.isEmpty { json.member("data", Data(data).base64EncodedString()) }
    json.member("packetAt", ISOTime.text(micros: packet.firstMicros))
    json.member("lastPacketAt", ISOTime.text(micros: packet.lastMicros))
    json.endObject()
  }

  /// Start line and headers; whether they are cut.
  private func writeHead(_ message: TraceCapture.Message, to json: inout JSONWriter) -> Bool {
    guard !message.head.isEmpty else { return false }
    var bytes = message.head
    let isCut = message.headBytes > min(bytes.count, Limits.packetHeadBytesMax)
    if isCut {
      // Only whole lines: half a line may hold half a secret.
      let newline = bytes.prefix(Limits.packetHeadBytesMax).lastIndex(of: UInt8(ascii: "\n"))
      bytes.removeSubrange((newline.map { $0 + 1 } ?? 0)...)
    }
    var lines = bytes.split(separator: UInt8(ascii: "\n")).map {
      String(decoding: $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0, as: UTF8.self)
    }.filter { !$0.isEmpty }[...]
    if let first = lines.first, first.hasPrefix("HTTP/") || message.isSent {
      json.member("startLine", masker.masked(first))
      lines = lines.dropFirst()
    }
    json.member("headers", headers(lines))
    return isCut
  }

  /// The text of a JSON object; headers of the same name are joined.
  private func headers(_ lines: ArraySlice<String>) -> String {
    var fields: [(name: String, value: String)] = []
    var places: [String: Int] = [:]
    for line in lines {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let name = masker.masked(String(line[..<colon]))
      let raw = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      let value = masker.masked(HeaderMask.value(String(raw), of: name))
      if let place = places[name] {
        fields[place].value += ", \(value)"
      } else {
        places[name] = fields.count
        fields.append((name: name, value: value))
      }
    }
    var json = JSONWriter()
    json.beginObject()
    for field in fields { json.member(field.name, field.value) }
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self)
  }
}

extension JSONWriter {
  fileprivate mutating func member(_ name: String, _ value: String) {
    key(name)
    string(value)
  }
}
