/// The full exchange of one sampled request.
public struct TraceRow: Equatable, Sendable {
  /// Timings and sizes. Its `resource`, `method` and `contentType` are indices that mean nothing
  /// here: the texts below stand for them.
  public var request: RequestRow
  public var resource: String
  public var method: String
  public var contentType: String?
  public var url: String
  /// Bytes of the response's body.
  public var length: Int64
  /// A JSON array of at most `Limits.traceBytesMax` bytes, one object per packet:
  /// `{"packetType":"DataReceived","headers":"{…}","data":"base64","length":219,
  /// "dataLength":219,"packetAt":"2016-03-19T19:42:32.513Z","lastPacketAt":…}`. The types are
  /// `DnsLookup`, `ConnectionOpened`, `TlsHandshake`, `DataSent`, `DataReceived` and
  /// `ConnectionClosed`.
  public var packets: String

  public init(
    request: RequestRow, resource: String, method: String, contentType: String?, url: String,
    length: Int64, packets: String
  ) {
    self.request = request
    self.resource = resource
    self.method = method
    self.contentType = contentType
    self.url = url
    self.length = length
    self.packets = packets
  }
}
