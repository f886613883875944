import Shared

/// Checks in the groups that they were made in, as k6's summary nests them.
struct SummaryGroup {
  private var name = ""
  private var path = ""
  private var groups: [SummaryGroup] = []
  private var checks: [(name: String, totals: CheckTotals)] = []

  init(_ checks: [CheckTotals]) {
    for totals in checks {
      let path = CheckPath(totals.name)
      add(totals, path.name, within: path.groups[...])
    }
  }

  private init(name: String, path: String) {
    self.name = name
    self.path = path
  }

  private mutating func add(
    _ totals: CheckTotals, _ name: String, within names: ArraySlice<String>
  ) {
    guard let group = names.first else {
      checks.append((name, totals))
      return
    }
    let index: Int
    if let found = groups.firstIndex(where: { $0.name == group }) {
      index = found
    } else {
      index = groups.endIndex
      groups.append(SummaryGroup(name: group, path: path + CheckPath.separator + group))
    }
    groups[index].add(totals, name, within: names.dropFirst())
  }

  func json() -> JSONValue {
    .object([
      "name": .string(name), "path": .string(path), "id": .string(Self.id(path)),
      "groups": .array(groups.map { $0.json() }),
      "checks": .array(
        checks.map { check in
          let path = self.path + CheckPath.separator + check.name
          return .object([
            "name": .string(check.name), "path": .string(path), "id": .string(Self.id(path)),
            "passes": .int(check.totals.passes), "fails": .int(check.totals.fails),
          ])
        }),
    ])
  }

  /// 32 hexadecimal digits that stand for a path, as k6's ids do: two FNV-1a hashes of it.
  private static func id(_ path: String) -> String {
    [0xcbf2_9ce4_8422_2325, 0x9e37_79b9_7f4a_7c15].map { (seed: UInt64) in
      var hash = seed
      for byte in path.utf8 {
        hash ^= UInt64(byte)
        hash = hash &* 0x100_0000_01b3
      }
      let digits = String(hash, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
