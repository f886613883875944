/// Gives the files of an archive names of which no two are the same, not even on systems that do
/// not tell upper from lower case: `a.png`, `a-2.png`, `a-3.png`. Keeps every name.
struct UniqueNames {
  private var taken: Set<String> = []
  /// Where to go on counting, by what was asked for.
  private var counts: [String: Int] = [:]

  /// - Parameters:
  ///   - name: a safe name.
  ///   - folder: what it is in, with a slash at its end; empty for the root.
  mutating func path(_ name: String, in folder: String = "") -> String {
    let key = Self.key(folder + name)
    var path = folder + name
    var count = counts[key] ?? 1
    while !taken.insert(Self.key(path)).inserted {
      count += 1
      path = folder + SafeName.bounded(name, suffix: "-\(count)")
    }
    counts[key] = count
    return path
  }

  /// Equal for names that some system takes for the same. Swift compares texts by what they
  /// stand for, not by how their accents are encoded.
  private static func key(_ path: String) -> String { path.uppercased().lowercased() }
}
