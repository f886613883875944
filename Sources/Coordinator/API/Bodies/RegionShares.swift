import Shared

/// The `regions` of a test configuration in either form: with the clients of each, or names with
/// `concurrentClients` to split.
struct RegionShares {
  private(set) var shares: [RegionShare] = []
  /// Where each region's name stands.
  private(set) var fields: [String] = []

  private static let clientsRange = 1...Limits.clientsPerExecutionMax
  /// Regions of one execution: above what anyone runs, low enough for one answer.
  private static let regionsMax = 1_000

  /// - Parameter standardTotal: clients to split when `concurrentClients` is left out.
  init(reading reader: inout FieldReader, standardTotal: Int? = nil) {
    let total = reader.int("concurrentClients", range: Self.clientsRange)
    guard let elements = reader.array("regions", required: true) else { return }
    guard !elements.isEmpty, elements.count <= Self.regionsMax else {
      reader.fail("regions", "must have 1 to \(Self.regionsMax) elements")
      return
    }
    let names = elements.compactMap(\.stringValue)
    if names.count == elements.count {
      let given = reader.has("concurrentClients")
      split(names, given ? total : standardTotal, &reader)
    } else {
      readObjects(elements, total, &reader)
    }
    checkNames(&reader)
  }

  private mutating func split(_ names: [String], _ total: Int?, _ reader: inout FieldReader) {
    guard let total else {
      if !reader.has("concurrentClients") {
        reader.fail("concurrentClients", "is required with names of regions")
      }
      return
    }
    guard total >= names.count else {
      reader.fail("concurrentClients", "must be at least the number of regions")
      return
    }
    let (each, rest) = total.quotientAndRemainder(dividingBy: names.count)
    for (index, name) in names.enumerated() {
      let clients = index == 0 ? each + rest : each
      shares.append(RegionShare(name: name, concurrentClients: clients))
      fields.append(reader.path(of: "regions", index))
    }
  }

  private mutating func readObjects(
    _ elements: [JSONValue], _ total: Int?, _ reader: inout FieldReader
  ) {
    for (index, element) in elements.enumerated() {
      let path = reader.path(of: "regions", index)
      guard case .object(let object) = element else {
        reader.absorb([FieldError(field: path, message: "must be an object")])
        continue
      }
      var inner = FieldReader(object, path: path)
      let name = inner.string("name", required: true, maxLength: 100)
      let clients = inner.int("concurrentClients", range: Self.clientsRange, required: true)
      inner.finish()
      reader.absorb(inner.errors)
      if let name {
        // A missing number has been noted; the name is looked up all the same.
        shares.append(RegionShare(name: name, concurrentClients: clients ?? 1))
        fields.append(inner.path(of: "name"))
      }
    }
    let sum = shares.reduce(0) { $0 + $1.concurrentClients }
    if sum > Limits.clientsPerExecutionMax {
      reader.fail("regions", "may have \(Limits.clientsPerExecutionMax) clients in all")
    }
    if let total, total != sum {
      reader.fail("concurrentClients", "must be the sum over the regions, or left out")
    }
  }

  private func checkNames(_ reader: inout FieldReader) {
    var seen: Set<String> = []
    for (share, field) in zip(shares, fields) where !seen.insert(share.name).inserted {
      reader.absorb([FieldError(field: field, message: "region '\(share.name)' is there twice")])
    }
  }
}
