import Glibc
import Shared

/// Data tables for the clients of an execution.
extension ExecutionController {
  /// A run asks for a table or rows of it. On the loop.
  func takeTableQuestion(_ ask: AskMessage, _ key: LeaseKey, of live: LiveExecution) {
    do {
      switch ask.question {
      case .table(let name):
        let reader = try table(name, of: live).reader
        answer(key, ask.id, .table(columns: reader.columns, rows: reader.rows), of: live)
      case .row(let name, let index, let count):
        let reader = try table(name, of: live).reader
        let most = min(count, Limits.tableBlockRowsMax)
        answerLater(key, ask.id, of: live) {
          let rows = try reader.rows(
            from: index, count: most, bytesMax: Limits.tableBlockBytesMax)
          return .rows(first: index, rows: rows, end: rows.isEmpty)
        }
      case .rows(let name, let count, let recycle):
        var table = try table(name, of: live)
        let grant = table.dispenser.asked(
          key, ask: ask.id, count: count, recycle: recycle, runs: live.runs.count)
        live.sharing.tables[name] = table
        handOut(grant, of: table.reader, to: key, ask.id, live)
      case .barrier, .metric: break
      }
    } catch let error as ControlError {
      answer(key, ask.id, .failed(error.text), of: live)
    } catch {
      log.error("cannot read a data table", ["error": "\(error)"])
      answer(key, ask.id, .failed("the coordinator cannot read the data table"), of: live)
    }
  }

  private func handOut(
    _ grant: RowDispenser.Grant, of reader: DataTableReader, to key: LeaseKey, _ id: Int64,
    _ live: LiveExecution
  ) {
    guard grant.count > 0 else {
      return answer(key, id, .rows(first: grant.first, rows: [], end: true), of: live)
    }
    answerLater(key, id, of: live) {
      let rows = try reader.rows(from: grant.first, count: grant.count)
      guard rows.count == grant.count else { throw SystemError("read a data table", code: EIO) }
      return .rows(first: grant.first, rows: rows, end: false)
    }
  }

  /// The latest table of a name, or the one that the execution has read before.
  private func table(_ name: String, of live: LiveExecution) throws -> SharedTable {
    if let table = live.sharing.tables[name] { return table }
    let found = try store.read { db in
      try DataTableStore.find(name: name, in: db).map {
        (record: $0, index: try DataTableStore.index(of: $0.id, in: db))
      }
    }
    guard let found else {
      throw ControlError.notFound("There is no data table '\(name.prefix(100))'")
    }
    let reader = try DataTableReader(
      found.record, index: found.index, path: DataTableFiles(store).path(found.record.id))
    // With wide rows, fewer of them travel at once.
    let fitting = Limits.tableBlockBytesMax / max(1, reader.rowBytes)
    let table = SharedTable(
      reader: reader,
      dispenser: RowDispenser(
        rows: reader.rows, blockRows: min(Limits.tableBlockRowsMax, fitting)))
    live.sharing.tables[name] = table
    return table
  }
}
