import Shared

/// What rows of an execution name clients and connections by, for ever. Spreadsheets would take
/// three numbers between colons for a time of day, and show it as one.
enum RowName {
  /// `execution:region:client`, up to the client.
  static func threadPrefix(_ execution: ExecutionID, region: String) -> String {
    "\(execution):\(region):"
  }

  /// `chunk:epoch#connection`, up to the connection.
  static func connectionPrefix(_ chunk: ChunkID, _ epoch: Int) -> String { "\(chunk):\(epoch)#" }
}
