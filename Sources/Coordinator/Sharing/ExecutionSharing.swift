import Shared

/// A data table as one execution reads it.
struct SharedTable {
  let reader: DataTableReader
  var dispenser: RowDispenser
}

/// What the clients of one execution share across its agents.
struct ExecutionSharing {
  var barriers = BarrierBoard()
  var events = RecentEvents()
  /// By name, as each was when it was first asked for: a later upload does not change it.
  var tables: [String: SharedTable] = [:]
}
